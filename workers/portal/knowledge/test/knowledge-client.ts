import { env } from "cloudflare:workers";
import { foundPassages, searchStatement } from "../../../lib/knowledge/search.ts";
import { readQuestion } from "../../../lib/knowledge/question.ts";
import { rankPassages } from "../../../lib/knowledge/rank.ts";
import { isoInstant } from "../../../lib/time.ts";
import { NOW, versionTag, withoutRequestId } from "../../test/portal.ts";
import type { Answer, Call, Portal } from "../../test/portal.ts";
import { CHADIS, admin } from "../../test/seed.ts";

export const ARTICLE = {
	kind: "article",
	title: "Refunds",
	body: "You get your money back within a week.",
	source_url: "https://www.example.com/refunds",
};
export const ANSWER = { kind: "answer", title: "Do you take cards?", body: "Yes, all of them." };
export const PATH = "/portal/knowledge/kn-alpha-a";

interface KnowledgeAnswer {
	status: number;
	body: unknown;
	etag: string | null;
	roundTrips: number;
}

/** CHADIS' admin at the knowledge, or whoever `call` says. */
export interface KnowledgeClient {
	get(path: string, call?: Call): Promise<KnowledgeAnswer>;
	post(body: unknown, call?: Call): Promise<KnowledgeAnswer & { location: string | null }>;
	put(path: string, body: unknown, call?: Call): Promise<KnowledgeAnswer>;
	delete(path: string, call?: Call): Promise<KnowledgeAnswer>;
}

export function knowledgeClient(portal: Portal): KnowledgeClient {
	const send = (path: string, call: Call): Promise<Answer> => portal.call(path, { as: admin(CHADIS), ...call });
	const shown = (answer: Answer): KnowledgeAnswer => {
		const { status, headers, roundTrips } = answer;
		return { status, body: withoutRequestId(answer), etag: versionTag(headers), roundTrips };
	};
	return {
		get: async (path, call = {}) => shown(await send(path, call)),
		post: async (body, call = {}) => {
			const answer = await send("/portal/knowledge", { method: "POST", body, ...call });
			return { ...shown(answer), location: answer.headers.get("Location") };
		},
		put: async (path, body, call = {}) => shown(await send(path, { method: "PUT", body, ...call })),
		delete: async (path, call = {}) => shown(await send(path, { method: "DELETE", ...call })),
	};
}

/** The titles of what CHADIS' chat would find. */
export async function find(text: string): Promise<string[]> {
	const key = { siteKey: "sk_chadis_live_abc123", now: isoInstant(NOW) };
	const { results } = await searchStatement(env.DB, key, {
		...readQuestion(text),
		conversationId: null,
		wholeTokens: 0,
	}).all();
	return rankPassages(foundPassages(results)).passages.map(({ title }) => title);
}

/** The version of CHADIS' knowledge that cached answers are kept under, and its number of passages. */
export async function counters(): Promise<unknown> {
	return env.DB.prepare(
		"SELECT knowledge_version AS version, knowledge_passages AS passages FROM orgs WHERE id = 'org_chadis'",
	).first();
}
