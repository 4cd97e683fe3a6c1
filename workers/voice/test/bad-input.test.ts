import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { callsOf } from "../../local/stand-ins/control.ts";
import { resetDatabase } from "../../lib/test/database.ts";
import { PANNU_KEY, ask, vendorKey } from "./client.ts";
import type { Overrides, Sent } from "./client.ts";
import { rows } from "./d1.ts";

// Once: nothing here may write.
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
	["arrays 100,000 deep", { body: "[".repeat(100_000) }, 413, "payload_too_large"],
	["1 MB", { body: { text: "a".repeat(1_000_000) } }, 413, "payload_too_large"],
	["one byte too many", { body: `{"text":"a"}${" ".repeat(32_768 - 11)}` }, 413, "payload_too_large"],
	["text/plain", { body: '{"text":"a"}', headers: { "Content-Type": "text/plain" } }, 415, "unsupported_media_type"],
	["a form", { body: "text=a", headers: { "Content-Type": "application/x-www-form-urlencoded" } }, 415, "unsupported_media_type"],
	["UTF-16", { body: '{"text":"a"}', headers: { "Content-Type": "application/json; charset=utf-16" } }, 415, "unsupported_media_type"],
	["a compressed body", { body: '{"text":"a"}', headers: { ...JSON_TYPE, "Content-Encoding": "gzip" } }, 415, "unsupported_media_type"],
];

const TEXTS: Fault[] = [
	["no text", { body: {} }, 422, "invalid_request", ["text"]],
	["null", { body: { text: null } }, 422, "invalid_request", ["text"]],
	["a number", { body: { text: 5 } }, 422, "invalid_request", ["text"]],
	["a list", { body: { text: ["hello"] } }, 422, "invalid_request", ["text"]],
	["true", { body: { text: true } }, 422, "invalid_request", ["text"]],
	["an infinite number", { body: '{"text":1e999}' }, 422, "invalid_request", ["text"]],
	["a list 15,000 deep", { body: `{"text":${"[".repeat(DEEP)}${"]".repeat(DEEP)}}` }, 422, "invalid_request", ["text"]],
	["a text that is only inherited", { body: '{"__proto__":{"text":"hello"}}' }, 422, "invalid_request", ["text"]],
	["nothing", { body: { text: "" } }, 422, "invalid_request", ["text"]],
	["whitespace", { body: { text: " \n\t\u00a0" } }, 422, "invalid_request", ["text"]],
	["10,000 newlines", { body: { text: "\n".repeat(10_000) } }, 422, "invalid_request", ["text"]],
	["emoji alone", { body: { text: "🎉👩‍👩‍👧‍👦🇩🇪" } }, 422, "invalid_request", ["text"]],
	["markup alone", { body: { text: "# **** ![](https://a.example/b.png) <br/>" } }, 422, "invalid_request", ["text"]],
	["a NUL", { body: { text: "a\0b" } }, 422, "invalid_request", ["text"]],
	["a lone surrogate", { body: '{"text":"a\\ud800b"}' }, 422, "invalid_request", ["text"]],
	["1,001 characters", { body: { text: "a".repeat(1001) } }, 422, "invalid_request", ["text"]],
	["1,001 astral characters", { body: { text: "𝄞a".repeat(501) } }, 422, "invalid_request", ["text"]],
	["a voice that is not on the list", { body: { text: "Hi", voice_id: "aBcDeFgHiJkLmNoPqRsT" } }, 422, "invalid_request", ["voice_id"]],
	["a path for a voice", { body: { text: "Hi", voice_id: "../../v1/user?x=" } }, 422, "invalid_request", ["voice_id"]],
	["an empty voice", { body: { text: "Hi", voice_id: "" } }, 422, "invalid_request", ["voice_id"]],
	["two bad fields", { body: { text: 1, voice_id: 2 } }, 422, "invalid_request", ["text", "voice_id"]],
];

const DEPLOYMENTS: [string, Overrides][] = [
	["chadis-voice", {}],
	["chadis-voice-conversation", { CONVERSATION: "on", ELEVENLABS_AGENT_ID: "agent_bad_input" }],
];

async function isRefused([, sent, status, code, fields]: Fault, path: string, bindings: Overrides): Promise<void> {
	const key = vendorKey();
	const answer = await ask({ ...sent, path, headers: { "X-Site-Key": PANNU_KEY, ...sent.headers }, env: { ...bindings, ELEVENLABS_API_KEY: key } });
	expect(answer.status).toBe(status);
	const named = fields?.map((field) => ({ field, message: expect.any(String) }));
	expect(answer.body).toEqual({
		error: { code, message: expect.any(String), request_id: answer.headers.get("X-Request-Id"), ...(named === undefined ? {} : { fields: named }) },
	});
	expect(await callsOf(key)).toEqual([]);
	expect(await rows("SELECT org_id FROM usage_daily UNION ALL SELECT org_id FROM voice_sessions")).toEqual([]);
}

describe.each(DEPLOYMENTS)("bad input to %s", (_, bindings) => {
	it.each([...UNREADABLE, ...TEXTS])("POST / refuses %s", (...fault) => isRefused(fault, "/", bindings));
});

describe("bad input to chadis-voice-conversation", () => {
	it.each(UNREADABLE)("POST /session refuses %s", (...fault) => isRefused(fault, "/session", { CONVERSATION: "on", ELEVENLABS_AGENT_ID: "agent_bad_input" }));
});

describe("a body without a length", () => {
	it("is counted as it comes", async () => {
		let sent = 0;
		const endless = new ReadableStream({
			pull(controller) {
				sent += 1;
				controller.enqueue(new TextEncoder().encode(" ".repeat(1000)));
			},
		});
		const answer = await ask({ stream: endless, headers: { "X-Site-Key": PANNU_KEY, ...JSON_TYPE } });
		expect(answer.status).toBe(413);
		expect(sent).toBeLessThan(100);
	});
});
