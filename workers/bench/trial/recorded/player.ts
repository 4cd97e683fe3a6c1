import { createServer } from "node:http";
import { isObject, parseJson } from "../../../lib/http/json.ts";
import { nodeOutbound } from "../../../local/run/outbound.ts";
import { createStandIns } from "../../../local/stand-ins/index.ts";
import { createClient } from "../../../local/test/local-client.ts";
import { createFolder, freePort, removeFolder, rows, startLocal } from "../../../local/test/local-run.ts";
import type { Recording } from "./recording.ts";

const SITE_KEY = "sk_chadis_live_abc123";
const GEMINI_KEY = "recorded";
/** Bytes of one write: events come in pieces that are none. */
const WRITE_BYTES = 61;
/** As the model and its other are both asked. */
const TRIES = 2;

/** What the chat worker made of a recording. */
export interface Played {
	status: number;
	/** `finish` of the answer; "error" where there is none. */
	finish: string;
	text: string;
}

export interface Player {
	play(recording: Recording, index: number): Promise<Played>;
	/** How many answers the database counts as a model's own. */
	counted(): number;
	stop(): Promise<void>;
}

/** A local run whose Gemini is a stand-in that plays what it is given, over the wire. */
export async function createPlayer(): Promise<Player> {
	const standIns = createStandIns();
	const answer = nodeOutbound(standIns);
	const server = createServer((incoming, outgoing) => void answer(incoming, outgoing));
	const port = await freePort();
	await new Promise<void>((listening) => server.listen(port, "127.0.0.1", listening));
	const folder = createFolder();
	const baseUrl = `http://127.0.0.1:${port}`;
	const run = await startLocal(folder, `GEMINI_API_KEY=${GEMINI_KEY}\nGEMINI_BASE_URL=${baseUrl}\n`);
	const client = createClient(run.origin);
	return {
		async play(recording, index) {
			const faults = [{ ...faultOf(recording), times: TRIES }];
			await control(standIns, "POST", "/faults", { credential: GEMINI_KEY, faults });
			const body = { message: `What does recording ${index} say?`, visitor_id: `recorded-${index}` };
			const accept = recording.isStreamed ? "text/event-stream" : "application/json";
			const response = await client.post("/chat/", body, { "X-Site-Key": SITE_KEY, Accept: accept });
			const played = playedOf(response.status, await response.text());
			// What one of the tries has left would go to the next recording.
			const left = TRIES - (await calls(standIns));
			for (let times = 0; times < left; times++) await drain(baseUrl);
			await control(standIns, "DELETE", `/calls?credential=${GEMINI_KEY}`);
			return played;
		},
		counted: () => Number(rows(folder, COUNTED_SQL)[0]?.n),
		async stop() {
			await run.interrupt();
			server.close();
			removeFolder(folder);
		},
	};
}

const COUNTED_SQL = `
	SELECT COUNT(*) AS n FROM chat_messages m JOIN chat_sessions s ON s.id = m.session_id
	WHERE s.visitor_id LIKE 'recorded-%' AND m.role = 'assistant' AND m.finish IN ('stop', 'length', 'cached')
`;

function faultOf({ status, contentType, body }: Recording): Record<string, unknown> {
	const bytes = Buffer.from(body);
	const writes = Array.from({ length: Math.ceil(bytes.length / WRITE_BYTES) }, (_, write) =>
		bytes.subarray(write * WRITE_BYTES, (write + 1) * WRITE_BYTES).toString("base64"),
	);
	return { status, content_type: contentType, chunks_base64: writes };
}

async function control(
	standIns: ReturnType<typeof createStandIns>,
	method: string,
	path: string,
	body?: unknown,
): Promise<unknown> {
	const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
	const response = await standIns.fetch(new Request(`http://stand-ins.test/control${path}`, init));
	const text = await response.text();
	if (!response.ok) throw new Error(`The stand-ins' control API answered ${response.status}: ${text}`);
	return parseJson(text);
}

async function calls(standIns: ReturnType<typeof createStandIns>): Promise<number> {
	const list = await control(standIns, "GET", `/calls?credential=${GEMINI_KEY}`);
	return Array.isArray(list) ? list.length : 0;
}

async function drain(baseUrl: string): Promise<void> {
	const url = `${baseUrl}/v1beta/models/gemini-3.5-flash-lite:generateContent`;
	await (await fetch(url, { method: "POST", headers: { "x-goog-api-key": GEMINI_KEY }, body: "{}" })).text();
}

function playedOf(status: number, body: string): Played {
	const done = body.startsWith("event: ") ? /^event: done\ndata: (.*)$/m.exec(body)?.[1] : body;
	const answer = done === undefined ? undefined : parseJson(done);
	if (!isObject(answer) || typeof answer.response !== "string") return { status, finish: "error", text: deltas(body) };
	return { status, finish: String(answer.finish), text: answer.response };
}

/** What was shown of an answer that broke off. */
function deltas(body: string): string {
	const events = [...body.matchAll(/^event: delta\ndata: (.*)$/gm)].map(([, data = ""]) => parseJson(data));
	return events.map((event) => (isObject(event) && typeof event.text === "string" ? event.text : "")).join("");
}
