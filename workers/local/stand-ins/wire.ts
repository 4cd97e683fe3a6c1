/** How the next calls of one credential go wrong. Without a replacing field, the vendor's good answer is made and then bent. */
export interface Fault {
	/** For how many calls, default 1. */
	times?: number;
	/** Only calls whose path and query contain this text; others pass and leave the fault queued. */
	path?: string;
	/** Wait before the headers. */
	delay_ms?: number;
	/** No answer at all, until the caller gives up. */
	hang?: boolean;
	/** The connection drops before the headers. */
	reset?: boolean;
	/** Replaces the answer by the vendor's own error body of this status (or, beside `body` or `chunks_base64`, their status). */
	status?: number;
	/** Which of the vendor's error codes; each vendor file lists its own, with a default per status. */
	code?: string;
	/** Which of ElevenLabs' error shapes, default `new`. */
	shape?: "new" | "old" | "validation" | "plain";
	/** Seconds a client is asked to wait: Gemini's RetryInfo, the others' Retry-After. */
	retry_after_seconds?: number;
	/** Replaces the answer: an HTML page, no bytes, or bytes that are neither text nor audio. */
	replace?: "html" | "empty" | "garbage";
	/** Replaces the answer's body by this text. */
	body?: string;
	/** Replaces the answer's body by exactly these writes, each base64: any bytes, split anywhere. */
	chunks_base64?: string[];
	/** Replaces the answer by a 302 to here (another 3xx by `status`). */
	redirect?: string;
	/** Overrides the answer's Content-Type. */
	content_type?: string;
	/** Further headers of the answer. */
	headers?: Record<string, string>;
	/** Wait before every chunk but the first. */
	chunk_delay_ms?: number;
	/** The stream breaks after so many chunks. */
	cut_after?: number;
	/** The stream ends cleanly after so many chunks. */
	end_after?: number;
	/** The stream falls silent after so many chunks and never ends. */
	stall_after?: number;
	/** Gemini: after so many chunks the stream carries an error object (`status`, `code`) and ends. */
	error_event_after?: number;
	/**
	 * Gemini: how an error object comes. `event` = as an event of its own (default), `bare` = outside any, `below` = right below the
	 * event before it, `beside_text` = in the next chunk, with its text, `list` = in a JSON array; the last also of an error status.
	 */
	error_shape?: "event" | "bare" | "below" | "beside_text" | "list";
	/** Gemini: after so many chunks a page of a proxy stands in the stream, which goes on. */
	page_after?: number;
	/** Gemini: the chunk after so many is half there, and the stream ends. */
	half_after?: number;
	/** Gemini: what the model says instead of the default reply. */
	reply?: ReplyOverride;
	/** Google's token endpoint: how long the bearer is good, seconds. */
	expires_in?: number;
}

export interface ReplyOverride {
	text?: string;
	/** The stream's pieces, instead of words in groups. */
	pieces?: string[];
	finish_reason?: string;
	/** On each chunk with text, as older models have it; the last has its own besides. */
	chunk_finish_reason?: string;
	/** A prompt block: no candidates at all. */
	block_reason?: string;
	/** Leaves `content` out of the candidate. */
	no_content?: boolean;
	/** Laid over the final usageMetadata. */
	usage?: Record<string, number>;
	/** A thought part before the text, to be kept from the visitor. */
	thought?: string;
	model_version?: string;
	model_status?: Record<string, string>;
}

/** One call that reached a vendor, as `GET /control/calls` tells it. */
export interface Call {
	vendor: string;
	method: string;
	/** Path with query. */
	path: string;
	/** Lower-case names, credentials included: they are the tests' own. */
	headers: Record<string, string>;
	/** Parsed JSON, parsed form, else text; null without a body. */
	body: unknown;
	/** 0 until answered, and when the connection was reset. */
	status: number;
	/** `open` until the last chunk was taken; `cancelled` when the caller left; `broken` when a fault cut it. */
	response: "open" | "complete" | "cancelled" | "broken";
	/** Chunks that the caller took. */
	chunks_sent: number;
}

/** A call on its way to a vendor's stand-in. */
export interface Incoming {
	method: string;
	url: URL;
	headers: Headers;
	/** The body as text, "" without one. */
	text: string;
	/** The credential that the vendor's key rule found, "" when absent. */
	credential: string;
	fault: Fault | undefined;
}

/** What a stand-in says; each chunk is one write on the wire. */
export interface Answer {
	status: number;
	headers: Record<string, string>;
	chunks: (string | Uint8Array)[];
	/** Streamed answers keep their chunks apart; others go out as one body. */
	streamed?: boolean;
	/** Wait before every chunk but the first, when no fault says otherwise. */
	gapMs?: number;
}

export interface Vendor {
	name: string;
	/** What the call authenticates with: the key of its faults, records and state. */
	credential(headers: Headers, url: URL): string;
	/** For a vendor whose calls say in their body who they are; goes before `credential`. */
	credentialInBody?(text: string): string;
	/** undefined: the vendor serves no such method and path here. */
	answer(call: Incoming): Answer | undefined | Promise<Answer | undefined>;
	/** The vendor's own error body for a fault. */
	failure(status: number, fault: Fault): Answer;
}

/** A 200 or other status with a JSON body. */
export function jsonAnswer(body: unknown, status = 200, headers: Record<string, string> = {}): Answer {
	return { status, headers: { "content-type": "application/json", ...headers }, chunks: [JSON.stringify(body)] };
}

/** Whether a credential is one that every vendor here refuses: it says `invalid`, after the vendor's key prefix if any. */
export function isRefusedKey(key: string): boolean {
	return /^(?:[a-z]+_(?:test_|live_)?)?invalid/.test(key);
}

export function bearerOf(headers: Headers): string {
	return /^Bearer\s+(\S+)\s*$/i.exec(headers.get("authorization") ?? "")?.[1] ?? "";
}

export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isJsonType(headers: Headers): boolean {
	return /^application\/json\s*(;|$)/i.test(headers.get("content-type") ?? "");
}

/** The parsed value, or undefined when the text is not JSON. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

const ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** A random id in the vendors' manner. */
export function randomId(prefix: string, length = 24): string {
	const bytes = crypto.getRandomValues(new Uint8Array(length));
	return prefix + Array.from(bytes, (byte) => ID_ALPHABET[byte % ID_ALPHABET.length]).join("");
}
