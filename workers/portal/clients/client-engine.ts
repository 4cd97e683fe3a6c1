import { batch } from "../../lib/d1/batch.ts";
import { numberColumn } from "../../lib/d1/row.ts";
import { parseJsonObject } from "../../lib/http/body.ts";
import { ApiError } from "../../lib/http/errors.ts";
import type { FieldError } from "../../lib/http/errors.ts";
import { invalidFields } from "../../lib/http/fields.ts";
import { json } from "../../lib/http/json.ts";
import { isoInstant } from "../../lib/time.ts";
import { actorOf, auditStatement } from "../audit/statement.ts";
import { IS_ORG, orgNotFound, orgStatement, readForOrg } from "../auth/access.ts";
import type { OrgTarget } from "../auth/access.ts";
import type { Caller } from "../auth/clerk-claims.ts";
import { newEngineStatement, newEngines, readEngineWish } from "../engines/new-engine.ts";
import type { EngineWish, NewEngine } from "../engines/new-engine.ts";
import { MAX_LIST_ROWS } from "../request/page.ts";
import { clientBody, clientStatement } from "./client.ts";

/**
 * `POST /portal/engines`, for staff: another live engine of an org and, unless `with_test` is false, its twin for tests. A name that
 * an engine of the org has is refused, so that one that is asked for twice is not made twice.
 * @param chatUrl address of the chat, with a slash at its end
 * @throws {ApiError} invalid_json, invalid_request, conflict (the name is taken, or the org has as many engines as a list shows), and
 * as `readForOrg`
 */
export async function postEngine(
	db: D1Database,
	target: OrgTarget,
	body: Uint8Array,
	chatUrl: string,
	now: number,
): Promise<Response> {
	const { caller, org } = await readForOrg(db, target, [orgStatement(db, target.ref)]);
	const { wish, withTest } = parseEngine(body);
	const engines = newEngines(wish, org.slug, withTest);
	const results = await batch(db, engineStatements(db, org.id, engines, caller, now));
	const room = results[0]?.[0] ?? {};
	const row = results.at(-1)?.[0];
	if (row === undefined) throw orgNotFound();
	if (numberColumn(room, "is_taken") === 1) throw nameTaken(wish.name);
	if (numberColumn(room, "engines") + 2 > MAX_LIST_ROWS) throw listFull();
	const made = engines.map(({ id }) => id);
	return json({ engines: clientBody(row, chatUrl).engines.filter(({ id }) => made.includes(id)) }, 201);
}

/** The statements that make engines of an org, between one that says what stands in the way and one that reads the org then. */
export function engineStatements(
	db: D1Database,
	orgId: string,
	engines: NewEngine[],
	caller: Caller,
	now: number,
): D1PreparedStatement[] {
	const at = isoInstant(now);
	const entry = { orgId, at, by: actorOf(caller), action: "engine.create" } as const;
	return [
		roomStatement(db, orgId, engines[0]?.name ?? ""),
		...engines.flatMap((engine, index) => {
			const condition = conditionOf(orgId, engines, index);
			return [
				auditStatement(db, { ...entry, target: engine.id }, condition),
				newEngineStatement(db, engine, at, condition),
			];
		}),
		clientStatement(db, orgId, now),
	];
}

/** The body of `POST /portal/engines`. @throws {ApiError} invalid_json, invalid_request */
export function parseEngine(bytes: Uint8Array): { wish: EngineWish; withTest: boolean } {
	const body = parseJsonObject(bytes);
	const faults: FieldError[] = [];
	const wish = readEngineWish(body, faults, "", ["with_test"]);
	const withTest = Object.hasOwn(body, "with_test") ? body.with_test : true;
	if (typeof withTest !== "boolean") faults.push({ field: "with_test", message: "must be true or false" });
	if ((body.name ?? null) === null) faults.push({ field: "name", message: "is required" });
	if (faults.length > 0 || typeof withTest !== "boolean") throw invalidFields(faults);
	return { wish, withTest };
}

const IS_TAKEN =
	"EXISTS (SELECT 1 FROM portal_sites s WHERE s.org_id = o.id AND s.name = ?2 AND s.status <> 'archived')";
const ENGINES = "(SELECT COUNT(*) FROM portal_sites s WHERE s.org_id = o.id)";

function roomStatement(db: D1Database, orgId: string, name: string): D1PreparedStatement {
	return db
		.prepare(`SELECT ${IS_TAKEN} AS is_taken, ${ENGINES} AS engines FROM orgs o WHERE ${IS_ORG}`)
		.bind(orgId, name);
}

/** The first is made where there is room; the second where the first has been. */
function conditionOf(orgId: string, [first]: NewEngine[], index: number) {
	return index === 0
		? {
				sql: `FROM orgs o WHERE ${IS_ORG} AND NOT ${IS_TAKEN} AND ${ENGINES} + 2 <= ${MAX_LIST_ROWS}`,
				parameters: [orgId, first?.name ?? null],
			}
		: { sql: "FROM portal_sites WHERE org_id = ?1 AND id = ?2", parameters: [orgId, first?.id ?? null] };
}

function nameTaken(name: string): ApiError {
	return new ApiError("conflict", `An engine of this organization is called ${name}; give the new one another name.`);
}

function listFull(): ApiError {
	return new ApiError(
		"conflict",
		`An organization has at most ${MAX_LIST_ROWS} engines, archived ones included; use one that it has.`,
	);
}
