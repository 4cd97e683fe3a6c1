import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { callsOf } from "../../local/stand-ins/control.ts";
import { resetDatabase } from "../../lib/test/database.ts";
import { PANNU_KEY, ask, envelope, vendorKey } from "./client.ts";
import type { Overrides, Sent } from "./client.ts";
import { untouchedDb } from "./d1.ts";

// Once: nothing here reaches the database.
beforeAll(() => resetDatabase(env.DB));

const JSON_TYPE = { "Content-Type": "application/json" };
const DEEP = 15_000;

type Fault = [what: string, sent: Sent, status: number, code: string, fields?: string[]];

const UNREADABLE: Fault[] = [
	["no JSON", { body: "text=hello" }, 400, "invalid_json"],
	["half a JSON object", { body: '{"text":"hel' }, 400, "invalid_json"],
	["an array", { body: [] }, 400, "invalid_json"],
	["a text", { body: '"hello"' }, 400, "invalid_json"],
	["null", { body: "null" }, 400, "invalid_json"],
	["a BOM and nothing", { body: "\ufeff" }, 400, "invalid_json"],
	["text/plain", { body: '{"text":"a"}', headers: { "Content-Type": "text/plain" } }, 415, "unsupported_media_type"],
	[
		"a form",
		{ body: "text=a", headers: { "Content-Type": "application/x-www-form-urlencoded" } },
		415,
		"unsupported_media_type",
	],
	[
		"UTF-16",
		{ body: '{"text":"a"}', headers: { "Content-Type": "application/json; charset=utf-16" } },
		415,
		"unsupported_media_type",
	],
	[
		"a compressed body",
		{ body: '{"text":"a"}', headers: { ...JSON_TYPE, "Content-Encoding": "gzip" } },
		415,
		"unsupported_media_type",
	],
];

const TOO_BIG: Fault[] = [
	["a body that is one byte too long", { body: '{"text":"a"}'.padEnd(32_769) }, 413, "payload_too_large"],
	["1 MB", { body: { text: "a".repeat(1_000_000) } }, 413, "payload_too_large"],
	["20 MB", { body: { text: "a".repeat(20_000_000) } }, 413, "payload_too_large"],
	["arrays 100,000 deep", { body: "[".repeat(100_000) }, 413, "payload_too_large"],
	["a number of 1 MB", { body: `{"text":${"9".repeat(1_000_000)}}` }, 413, "payload_too_large"],
	[
		"65,536 fields",
		{ body: Object.fromEntries(Array.from({ length: 65_536 }, (_, n) => [`f${n}`, 0])) },
		413,
		"payload_too_large",
	],
];

function badText(what: string, text: unknown): Fault {
	return [what, { body: { text } }, 422, "invalid_request", ["text"]];
}

const TEXTS: Fault[] = [
	["no text", { body: {} }, 422, "invalid_request", ["text"]],
	badText("null", null),
	badText("a number", 5),
	badText("a list", ["hello"]),
	badText("true", true),
	["an infinite number", { body: '{"text":1e999}' }, 422, "invalid_request", ["text"]],
	["a text that is only inherited", { body: '{"__proto__":{"text":"hello"}}' }, 422, "invalid_request", ["text"]],
	["a list 15,000 deep", { body: `{"text":${"[".repeat(DEEP)}${"]".repeat(DEEP)}}` }, 422, "invalid_request", ["text"]],
	["a number of 30,000 digits", { body: `{"text":${"9".repeat(30_000)}}` }, 422, "invalid_request", ["text"]],
	badText("nothing", ""),
	badText("whitespace", " \n\t\u00a0"),
	badText("1,001 characters", "a".repeat(1001)),
	badText("1,001 astral characters", "𝄞".repeat(1001)),
	badText("10,000 newlines", "\n".repeat(10_000)),
	badText("Hangul fillers alone", "\u3164\u115f\uffa0"),
	badText("a filler between emoji", "👋\u3164👋"),
	badText("braille blanks and tags alone", "\u2800\u{e0061}\u00ad"),
	badText("marks alone", "\u0301\u0315".repeat(20)),
	badText("30 KB of marks of two classes by turns", "a".padEnd(15_000, "\u0315\u0327")),
	badText("30 KB of Hangul in parts", "\u1100\u1161\u11a8".repeat(3300)),
	badText("30 KB of letters that are taken apart", "\ufdfa".repeat(10_000)),
	badText("4,001 characters of which few would be said", `Hello ${"<b>".repeat(1332)}`),
	badText("emoji alone", "🎉👩‍👩‍👧‍👦🇩🇪"),
	badText("SSML that says nothing", '<speak><break time="10s"/><mark name="here"/></speak>'),
	badText("SSML that says too much", `<speak>${"a".repeat(1001)}</speak>`),
	badText("markup alone", "# **** ![](https://a.example/b.png) <br/>"),
	badText("a NUL", "a\0b"),
	["a lone surrogate", { body: '{"text":"a\\ud800b"}' }, 422, "invalid_request", ["text"]],
	[
		"a voice that is not on the list",
		{ body: { text: "Hi", voice_id: "aBcDeFgHiJkLmNoPqRsT" } },
		422,
		"invalid_request",
		["voice_id"],
	],
	["a path for a voice", { body: { text: "Hi", voice_id: "../../v1/user?x=" } }, 422, "invalid_request", ["voice_id"]],
	["an empty voice", { body: { text: "Hi", voice_id: "" } }, 422, "invalid_request", ["voice_id"]],
	["two bad fields", { body: { text: 1, voice_id: 2 } }, 422, "invalid_request", ["text", "voice_id"]],
];

const KEYED = { "X-Site-Key": PANNU_KEY };
const CONVERSATION: Overrides = { CONVERSATION: "on", ELEVENLABS_AGENT_ID: "agent_bad_input" };

const CALLERS: [string, Overrides, Record<string, string>][] = [
	["chadis-voice", {}, KEYED],
	["chadis-voice without a site key", {}, {}],
	["chadis-voice-conversation", CONVERSATION, KEYED],
];

async function isRefused(
	[, sent, status, code, fields]: Fault,
	path: string,
	bindings: Overrides,
	caller: Record<string, string>,
): Promise<void> {
	const key = vendorKey();
	const { db, touches } = untouchedDb();
	const answer = await ask({
		...sent,
		path,
		headers: { ...caller, ...sent.headers },
		env: { ...bindings, ELEVENLABS_API_KEY: key, DB: db },
	});
	expect(answer.status).toBe(status);
	const named = fields?.map((field) => ({ field, message: expect.any(String) }));
	expect(answer.body).toEqual({
		error: {
			code,
			message: expect.any(String),
			request_id: answer.headers.get("X-Request-Id"),
			...(named === undefined ? {} : { fields: named }),
		},
	});
	expect(await callsOf(key)).toEqual([]);
	expect(touches).toEqual([]);
}

describe.each(CALLERS)("bad input to %s", (_, bindings, caller) => {
	it.each([...UNREADABLE, ...TOO_BIG, ...TEXTS])("POST / is refused: %s", (...fault) =>
		isRefused(fault, "/", bindings, caller),
	);
});

describe("bad input to chadis-voice-conversation", () => {
	it.each([...UNREADABLE, ...TOO_BIG])("POST /session is refused: %s", (...fault) =>
		isRefused(fault, "/session", CONVERSATION, KEYED),
	);
});

describe("a body without a length", () => {
	it.each(["/", "/session"])("is counted as it comes to %s", async (path) => {
		let sent = 0;
		const endless = new ReadableStream({
			pull(controller) {
				sent += 1;
				controller.enqueue(new TextEncoder().encode(" ".repeat(1000)));
			},
		});
		const answer = await ask({ path, stream: endless, headers: { ...KEYED, ...JSON_TYPE }, env: CONVERSATION });
		expect(answer.status).toBe(413);
		expect(answer.body).toEqual(envelope(answer, "payload_too_large"));
		expect(sent).toBeLessThan(100);
	});
});
