import { ApiError } from "../../lib/http/errors.ts";
import { getClients } from "../../portal/clients/list/clients.ts";
import { parseListed } from "./answers.ts";

/**
 * The id of the client that is named by id or slug: what looks like neither of the list's is taken for an id, which the portal refuses
 * where there is none.
 * @throws {ApiError} org_not_found, invalid_request, unavailable
 */
export async function findClient(db: D1Database, named: string): Promise<string> {
	if (!isSlug(named)) return named;
	const { clients } = await parseListed(
		await getClients(db, new URLSearchParams({ q: named.slice(0, 40) }), Date.now()),
	);
	const found = clients.find(({ slug }) => slug === named);
	if (found === undefined) throw new ApiError("org_not_found", `There is no client with the slug ${named}.`);
	return found.id;
}

/** Ids that the portal makes hold an underscore, which no slug does. */
export function isSlug(named: string): boolean {
	return /^[a-z0-9-]+$/.test(named);
}
