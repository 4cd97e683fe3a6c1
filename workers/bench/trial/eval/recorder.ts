import { isObject, parseJson } from "../../../lib/http/json.ts";
import { isLoopback } from "../../../lib/http/loopback.ts";
import { instructionOf, partsText } from "../../../local/stand-ins/gemini/gemini-text.ts";
import type { StandIns } from "../../../local/stand-ins/index.ts";

const ANSWERING = /:(generateContent|streamGenerateContent)$/;
/** What of a request a vendor is shown; the rest belongs to the connection. */
const PASSED_ON = ["accept", "authorization", "content-type", "x-goog-api-key"];
const PASSED_BACK = ["content-type", "retry-after"];

/** What the model was told, and what it said. */
export interface Exchange {
	/** The system instruction as it was on the wire, passages among it. */
	instructions: string;
	/** Its text as it was on the wire, marks among it. */
	reply: string;
}

export interface Recorder extends StandIns {
	/** The exchanges since the last call, in order. */
	take(): Exchange[];
	/** Questions whose embedding came back so far. */
	embedded(): number;
}

/**
 * Stands between the workers and their vendors: every outgoing request passes, to the local run's stand-ins or, where
 * the run is live, to Gemini itself; what the model is told and says is kept.
 * @param liveUrl where Gemini itself is; absent = the run is not live, and nothing leaves this machine
 */
export function createRecorder(liveUrl?: string): Recorder {
	const liveHost = liveUrl === undefined ? undefined : new URL(liveUrl).host;
	let exchanges: Exchange[] = [];
	let embedded = 0;
	return {
		async fetch(request) {
			const url = new URL(request.url);
			const isAllowed = isLoopback(url.hostname) || url.host === liveHost;
			if (!isAllowed) return new Response("Nothing else may be called here.", { status: 421 });
			const body = await request.text();
			const response = await passedOn(request, body);
			const text = await response.text();
			if (ANSWERING.test(url.pathname))
				exchanges.push({ instructions: instructionOf(parseJson(body)), reply: replyOf(text) });
			if (url.pathname.endsWith(":embedContent") && response.ok) embedded++;
			return new Response(text, { status: response.status, headers: some(response.headers, PASSED_BACK) });
		},
		embedded: () => embedded,
		take() {
			const taken = exchanges;
			exchanges = [];
			return taken;
		},
	};
}

function passedOn({ url, method, headers, signal }: Request, body: string): Promise<Response> {
	const init = { method, headers: some(headers, PASSED_ON), signal };
	return fetch(url, body === "" ? init : { ...init, body });
}

function some(headers: Headers, names: readonly string[]): [string, string][] {
	return names.flatMap((name) => {
		const value = headers.get(name);
		return value === null ? [] : [[name, value]];
	});
}

/** The text of a whole answer, or of the events of a stream. */
function replyOf(text: string): string {
	const events = [...text.matchAll(/^data: (.*)$/gm)].map(([, data = ""]) => parseJson(data));
	return (events.length > 0 ? events : [parseJson(text)]).map(textOf).join("");
}

function textOf(response: unknown): string {
	const candidates = isObject(response) && Array.isArray(response.candidates) ? response.candidates : [];
	const [candidate]: unknown[] = candidates;
	return isObject(candidate) ? partsText(candidate.content) : "";
}
