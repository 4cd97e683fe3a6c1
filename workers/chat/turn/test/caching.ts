import { questionKey } from "../../../lib/knowledge/terms.ts";
import { slotOf } from "../../../lib/metrics/question-slot.ts";
import { CHADIS_KEY, PANNU_KEY, newClient } from "../../test/client.ts";
import type { Call, Client } from "../../test/client.ts";
import { run } from "../../test/tables.ts";

export const QUESTION = "When do you open?";

const SITES: Record<string, [org: string, site: string]> = {
	[CHADIS_KEY]: ["org_chadis", "site_chadis"],
	[PANNU_KEY]: ["org_pannu_dental", "site_pannu_dental"],
};

export interface CachingClient extends Client {
	/** The JSON answer to a message with CHADIS's key. */
	ask(message?: string, more?: Call): Promise<Record<string, unknown>>;
}

/** The cache is only for questions that were asked before. */
async function makeCommon({ key, body }: Call): Promise<void> {
	const [org, site] = SITES[key ?? ""] ?? [];
	const question = questionKey(String(Object(body).message ?? QUESTION));
	if (site === undefined || question === "") return;
	await run(
		"INSERT OR IGNORE INTO question_stats (org_id, site_id, slot, question, asked) VALUES (?1, ?2, ?3, ?4, 0)",
		org,
		site,
		slotOf(question),
		question,
	);
}

/** A client whose calls go to one host, and so to one cache, with questions that others have asked. */
export function cachingClient(): CachingClient {
	const client = newClient();
	const host = `${crypto.randomUUID()}.test`;
	const call = async (call: Call) => {
		await makeCommon(call);
		return client.call({ host, ...call });
	};
	return {
		...client,
		call,
		async ask(message = QUESTION, { body, ...more } = {}) {
			return await (await call({ key: CHADIS_KEY, body: { message, ...Object(body) }, ...more })).json();
		},
	};
}
