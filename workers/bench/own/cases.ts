import { benchSiteKey } from "../knowledge/orgs.ts";
import type { WorkerName } from "../tree/tree.ts";

/** A request to a worker, wherever it listens. */
export interface PathShot {
	method: "GET" | "POST";
	path: string;
	headers: Record<string, string>;
	body?: string;
}

/** A route whose own CPU is measured. */
export interface OwnCase {
	name: string;
	worker: WorkerName;
	/**
	 * The request. While recording, each is told another word, so that a real database sees no question twice; under load all are
	 * alike, as the platform that is played remembers nothing.
	 */
	shot: (word: string, token: string) => PathShot;
	/** Text without which the response is not the one that is meant. */
	contains: string;
	/** Whether the cache holds what the worker has put there. */
	isCached?: boolean;
	/** How many passages the org has that is asked (`bench/knowledge/texts.ts`), beside the demo's; absent = it is the demo's. */
	passages?: number;
}

const VISITOR = { "CF-Connecting-IP": "203.0.113.7", Origin: "https://www.chadis.com" };
const JSON_TYPE = { "Content-Type": "application/json" };
const KEY = { "X-Site-Key": "sk_chadis_live_abc123" };

function post(headers: Record<string, string>, body: unknown): PathShot {
	return { method: "POST", path: "/", headers: { ...VISITOR, ...JSON_TYPE, ...headers }, body: JSON.stringify(body) };
}

function question(word: string): Record<string, string> {
	return { message: `Can I fill in the questionnaire on my ${word} phone?`, visitor_id: `visitor_${word}` };
}

function portal(path: string, contains: string): OwnCase {
	const shot = (_word: string, token: string): PathShot => ({
		method: "GET",
		path,
		headers: { "CF-Connecting-IP": "203.0.113.7", Authorization: `Bearer ${token}` },
	});
	return { name: path.slice(1).replace("/", " "), worker: "portal", shot, contains };
}

export const CASES: readonly OwnCase[] = [
	{
		name: "chat keyed",
		worker: "chat",
		shot: (word) => post(KEY, question(word)),
		contains: '"session_id"',
	},
	{
		name: "chat among 500 passages",
		worker: "chat",
		shot: (word) => post({ "X-Site-Key": benchSiteKey(500) }, question(word)),
		contains: '"session_id"',
		passages: 500,
	},
	{
		name: "chat without key",
		worker: "chat",
		shot: (word) => post({}, { message: question(word).message }),
		contains: '"response"',
	},
	{
		name: "chat streamed",
		worker: "chat",
		shot: (word) => post({ ...KEY, Accept: "text/event-stream" }, question(word)),
		contains: "event: done",
	},
	{
		name: "voice miss",
		worker: "voice",
		shot: (word) => post(KEY, { text: `Your ${word} appointment is at nine.` }),
		contains: "",
	},
	{
		name: "voice hit",
		worker: "voice",
		shot: () => post(KEY, { text: "Welcome to CHADIS." }),
		contains: "",
		isCached: true,
	},
	portal("/portal/config", '"greeting"'),
	portal("/portal/engines", '"engines"'),
	portal("/portal/overview", '"messages"'),
	portal("/portal/insights", '"unanswered"'),
];
