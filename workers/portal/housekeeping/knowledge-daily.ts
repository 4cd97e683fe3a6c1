import { ApiError } from "../../lib/http/errors.ts";
import { indexUnsearchable } from "../../lib/knowledge/index.ts";
import { log } from "../../lib/log.ts";

/** The most entries of one run: each takes five statements, and of the 1,000 that D1 takes of a run most are retention's. */
const MAX_ENTRIES = 40;

/** Part of the daily run: what was written by hand (SQL, sample data) becomes searchable. Never rejects. */
export async function indexKnowledge(db: D1Database): Promise<void> {
	try {
		const entries = await indexUnsearchable(db, MAX_ENTRIES);
		if (entries > 0) log("info", "knowledge_indexed", { entries });
	} catch (error) {
		log("error", "knowledge_not_indexed", { reason: error instanceof ApiError ? error.reason : "internal" });
	}
}
