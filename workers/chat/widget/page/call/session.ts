import { fieldsOf, textOf } from "./fields.ts";
import type { CallWords } from "./words/words.ts";

const MS = 1_000;
/** An answer that has not come by then does not come, ms. */
const ANSWER_MS = 20_000;

/** A conversation that may begin. */
export interface Session {
	id: string;
	signedUrl: string;
	maxSeconds: number;
}

/** Why there is none: what the visitor is told. */
export class Refused extends Error {
	readonly word: keyof CallWords;
	/** For a word with a time in it: when, ms of the epoch. */
	readonly at: number;

	constructor(word: keyof CallWords, at = 0) {
		super(word);
		this.word = word;
		this.at = at;
	}
}

/** By the codes of `POST /session`; any other may be over in a moment. */
const WORDS: Readonly<Record<string, keyof CallWords>> = {
	consent_required: "agreeFirst",
	session_limit: "taken",
	quota_exceeded: "limit",
	budget_exhausted: "limit",
	forbidden: "notHere",
	conversation_not_configured: "notHere",
	not_configured: "notHere",
	site_inactive: "notHere",
	org_inactive: "notHere",
	origin_not_allowed: "notHere",
	invalid_site_key: "notHere",
};

/** Opens a conversation. Rejects with `Refused`, or what aborted it. @param url of the deployment, with `/` at its end */
export async function openSession(url: string, headers: Record<string, string>, signal: AbortSignal): Promise<Session> {
	const timer = AbortSignal.timeout(ANSWER_MS);
	const response = await ask(`${url}session`, headers, { signal: AbortSignal.any([signal, timer]) });
	const fields = fieldsOf(await response.json().catch(() => null));
	if (!response.ok) {
		const word = WORDS[textOf(fieldsOf(fields.error), "code")] ?? "busy";
		throw new Refused(word, Date.now() + (Number(response.headers.get("Retry-After")) || 0) * MS);
	}
	return {
		id: textOf(fields, "session_id"),
		signedUrl: textOf(fields, "signed_url"),
		maxSeconds: Number(fields.max_duration_seconds) || 0,
	};
}

/** Says that it is over, which frees its place. Where this fails, the place is free when ElevenLabs has told. */
export function endSession(url: string, headers: Record<string, string>, { id }: Session): void {
	// The page may be left right after.
	ask(`${url}session/${id}/end`, headers, { keepalive: true }).catch(() => undefined);
}

async function ask(url: string, headers: Record<string, string>, init: RequestInit): Promise<Response> {
	try {
		return await fetch(url, { ...init, method: "POST", headers, credentials: "omit", referrerPolicy: "strict-origin" });
	} catch {
		throw new Refused(navigator.onLine ? "busy" : "offline");
	}
}
