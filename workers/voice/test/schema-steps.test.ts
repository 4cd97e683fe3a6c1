import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callsOf } from "../../local/stand-ins/control.ts";
import { SCHEMA_VERSION } from "../../lib/d1/schema-version.ts";
import { resetDatabase } from "../../lib/test/database.ts";
import {
	LAST_VERSION,
	NEXT_VERSION,
	OUTDATED,
	SCHEMA_LINE,
	inAnHour,
	schemaLines,
	stepBack,
	stepForward,
} from "../../lib/test/schema-steps.ts";
import { AGENT, ask, hear, vendorKey } from "./client.ts";
import type { Sent } from "./client.ts";
import { allowConversations, freshSiteKey, rows } from "./d1.ts";

beforeEach(async () => {
	await resetDatabase(env.DB);
	await allowConversations();
});
afterEach(() => resetDatabase(env.DB));

const CONVERSATION = { CONVERSATION: "on", ELEVENLABS_AGENT_ID: AGENT } as const;

async function health(bindings: Sent["env"] = {}): Promise<[number, unknown]> {
	const { status, body } = await inAnHour(() => ask({ method: "GET", path: "/health", env: bindings }));
	return [status, body];
}

async function speech(key: string): Promise<Sent> {
	const headers = { "X-Site-Key": await freshSiteKey() };
	return { body: { text: `Welcome ${crypto.randomUUID()}` }, headers, env: { ELEVENLABS_API_KEY: key } };
}

describe("on a database one migration ahead, the voice", () => {
	it("is healthy, speaks and opens conversations", async () => {
		await stepForward(env.DB);
		expect(await health()).toMatchObject([
			200,
			{ status: "ok", schema: { expected: SCHEMA_VERSION, found: NEXT_VERSION } },
		]);
		expect((await hear(await speech(vendorKey()))).status).toBe(200);
		expect(await rows("SELECT COUNT(*) AS days FROM metrics_daily WHERE voice_requests = 1")).toEqual([{ days: 1 }]);
		const { headers = {} } = await speech("");
		const opened = await ask({ path: "/session", headers, env: { ...CONVERSATION, ELEVENLABS_API_KEY: vendorKey() } });
		expect(opened.status).toBe(201);
	});
});

describe("on a database one migration behind, the voice", () => {
	it.each([
		["chadis-voice", {}],
		["chadis-voice-conversation", CONVERSATION],
	])("is not healthy and says both versions: %s", async (worker, bindings) => {
		await stepBack(env.DB, "turns");
		expect(await health(bindings)).toEqual([
			503,
			{
				status: "failed",
				worker,
				checks: { db: "failed" },
				schema: { expected: SCHEMA_VERSION, found: LAST_VERSION },
			},
		]);
	});

	it.each([
		["a clip", "turns", async (key: string) => ask(await speech(key))],
		[
			"a conversation",
			"voice_sessions",
			async (key: string) => {
				const { headers = {} } = await speech(key);
				return ask({ path: "/session", headers, env: { ...CONVERSATION, ELEVENLABS_API_KEY: key } });
			},
		],
	])("refuses %s with both versions and one line in the log, and asks no vendor", async (_, table, send) => {
		await stepBack(env.DB, table);
		const key = vendorKey();
		const lines = await schemaLines(async () => {
			const { status, body } = await send(key);
			expect({ status, body }).toMatchObject({ status: 503, body: { error: OUTDATED } });
		});
		expect(lines).toEqual([expect.objectContaining(SCHEMA_LINE)]);
		expect(await callsOf(key)).toEqual([]);
	});
});
