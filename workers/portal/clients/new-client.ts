import { batch, repeatableBatch } from "../../lib/d1/batch.ts";
import { ApiError } from "../../lib/http/errors.ts";
import { json } from "../../lib/http/json.ts";
import { isoInstant } from "../../lib/time.ts";
import { actorOf, auditStatement } from "../audit/statement.ts";
import type { AuditEntry } from "../audit/statement.ts";
import type { Caller } from "../auth/clerk-claims.ts";
import { idPart, newEngineStatement, newEngines } from "../engines/new-engine.ts";
import { randomSuffix } from "../engines/site-keys.ts";
import { clientBody, clientStatement } from "./client.ts";
import { parseNewClient } from "./new-client-fields.ts";
import type { ClientWish } from "./new-client-fields.ts";
import { requireFree, takenStatement } from "./taken.ts";

/**
 * `POST /portal/clients`, for staff: a client with its configuration, its first live engine and that one's twin for tests, all or
 * nothing. Its id ends at random, so it is nobody else's, before or after. Asked twice, the second is refused, as its slug is taken by
 * then: so there need be no Idempotency-Key.
 * @param chatUrl address of the chat, with a slash at its end
 * @throws {ApiError} invalid_json, invalid_request, conflict (slug or clerk_org_id is taken), unavailable
 */
export async function postClient(
	db: D1Database,
	caller: Caller,
	body: Uint8Array,
	chatUrl: string,
	now: number,
): Promise<Response> {
	const wish = parseNewClient(body);
	const id = newClientId(wish);
	const [before = []] = await repeatableBatch(db, [takenStatement(db, { ...wish, butOf: id })]);
	requireFree(before[0], wish);
	const results = await batch(db, newClientStatements(db, id, wish, caller, now));
	requireFree(results[0]?.[0], wish);
	const row = results.at(-1)?.[0];
	if (row === undefined) throw new ApiError("internal", "The client was not made; please try again.");
	return json(clientBody(row, chatUrl), 201);
}

/** An id that ends at random. */
export function newClientId({ slug }: ClientWish): string {
	return `org_${idPart(slug)}_${randomSuffix(8)}`;
}

/**
 * The statements that make a client. After a look at what is taken, the org comes first, where its names are free; what follows finds it
 * by its id, which only this request knows. The last one reads what was made.
 */
export function newClientStatements(
	db: D1Database,
	id: string,
	wish: ClientWish,
	caller: Caller,
	now: number,
): D1PreparedStatement[] {
	const at = isoInstant(now);
	const made = { sql: "FROM orgs WHERE id = ?1", parameters: [id] };
	const entry = { orgId: id, at, by: actorOf(caller) } as const;
	const audited = (more: Pick<AuditEntry, "action" | "target" | "fields">) =>
		auditStatement(db, { ...entry, ...more }, made);
	const engines = newEngines(wish.engine, wish.slug, true);
	return [
		takenStatement(db, { ...wish, butOf: id }),
		orgStatement(db, id, wish, at),
		audited({ action: "client.create", target: id, fields: wish.fields }),
		...configStatements(db, id, wish, caller, at),
		...engines.flatMap((engine) => [
			newEngineStatement(db, engine, at, made),
			audited({ action: "engine.create", target: engine.id }),
		]),
		clientStatement(db, id, now),
	];
}

/** Its triggers refuse what is taken; the condition refuses it first, so that the batch goes on and can say what. */
function orgStatement(db: D1Database, id: string, wish: ClientWish, at: string): D1PreparedStatement {
	const columns = Object.entries(wish.columns);
	const names = columns.map(([name]) => `, ${name}`).join("");
	const values = columns.map((_, index) => `, ?${index + 5}`).join("");
	return db
		.prepare(`
			INSERT INTO orgs (id, slug, clerk_org_id, created_at, updated_at${names})
			SELECT ?1, ?2, ?3, ?4, ?4${values}
			WHERE NOT EXISTS (SELECT 1 FROM orgs WHERE slug = ?2)
				AND NOT EXISTS (SELECT 1 FROM orgs WHERE clerk_org_id = ?3 OR id = ?3)
			RETURNING id
		`)
		.bind(id, wish.slug, wish.clerkOrgId, at, ...columns.map(([, value]) => value));
}

/** The first version of its configuration, announced as every version that the portal writes. */
function configStatements(
	db: D1Database,
	id: string,
	{ config }: ClientWish,
	{ userId }: Caller,
	at: string,
): D1PreparedStatement[] {
	const names = config.map(([field]) => `, ${field}`).join("");
	const values = config.map((_, index) => `, ?${index + 4}`).join("");
	return [
		db
			.prepare(`
				INSERT INTO config_versions (org_id, version, config, created_at, user_id, cause)
				SELECT ?1, 1, NULL, ?2, ?3, 'update' FROM orgs WHERE id = ?1
			`)
			.bind(id, at, userId),
		db
			.prepare(`
				INSERT INTO org_config (org_id, updated_at, updated_by${names})
				SELECT ?1, ?2, ?3${values} FROM orgs WHERE id = ?1
			`)
			.bind(id, at, userId, ...config.map(([, value]) => value)),
	];
}
