import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../lib/test/database.ts";
import { callsOf, setFaults } from "../../local/stand-ins/control.ts";
import { AGENT, CHADIS_KEY, ask, bodyOf, envelope, hear, session, speech, vendorKey } from "./client.ts";
import type { Overrides } from "./client.ts";
import { allowConversations, rows, run } from "./d1.ts";

beforeEach(async () => {
	await resetDatabase(env.DB);
	await allowConversations();
	await run("UPDATE org_config SET provider_policy = 'baa' WHERE org_id = 'org_pannu_dental'");
});
afterEach(() => vi.restoreAllMocks());

const HOST = { COVERED_HOSTS: "api.elevenlabs.io" };
const ON = { ELEVENLABS_ZERO_RETENTION: "on" };
const AGENTS = { ELEVENLABS_ZERO_RETENTION_AGENTS: `agent_other, ${AGENT}` };

function spyOnLog(): () => string {
	const lines: string[] = [];
	for (const level of ["log", "warn", "error"] as const)
		vi.spyOn(console, level).mockImplementation((line: unknown) => void lines.push(String(line)));
	return () => lines.join("\n");
}

const nothingKept = async () =>
	expect(
		await rows("SELECT id FROM turns UNION ALL SELECT id FROM voice_sessions UNION ALL SELECT date FROM metrics_daily"),
	).toEqual([]);

describe("speech for an org whose provider_policy is baa", () => {
	const refused: [string, Overrides, string][] = [
		["covers nobody", {}, "COVERED_HOSTS"],
		["has zero retention and covers nobody", ON, "COVERED_HOSTS"],
		["covers another host", { COVERED_HOSTS: "api.us.elevenlabs.io", ...ON }, "COVERED_HOSTS"],
		["covers ElevenLabs without zero retention", HOST, "ELEVENLABS_ZERO_RETENTION"],
		[
			"says zero retention in another word",
			{ ...HOST, ELEVENLABS_ZERO_RETENTION: "true" },
			"ELEVENLABS_ZERO_RETENTION",
		],
		["has a list that cannot be read", { COVERED_HOSTS: "*.elevenlabs.io", ...ON }, "COVERED_HOSTS"],
	];
	it.each(refused)("is refused by a deployment that %s: nothing is asked or kept", async (_, bindings, named) => {
		const key = vendorKey();
		const log = spyOnLog();
		const answer = await ask(speech("Your root canal is on Monday.", key, { env: bindings }));
		expect(answer.status).toBe(503);
		expect(answer.body).toEqual(envelope(answer, "not_configured"));
		expect(await callsOf(key)).toEqual([]);
		await nothingKept();
		expect(log()).toContain(`"reason":"${named} is missing or unusable`);
		expect(log()).not.toContain("root canal");
	});

	it("is spoken in zero-retention mode, and from the cache as well", async () => {
		const key = vendorKey();
		const sent = speech("Please bring your card.", key, { env: { ...HOST, ...ON } });
		expect((await hear(sent)).headers.get("X-Cache")).toBe("MISS");
		expect((await hear(sent)).headers.get("X-Cache")).toBe("HIT");
		const paths = (await callsOf(key)).map(({ path }) => path);
		expect(paths).toEqual([expect.stringMatching(/\/stream\?output_format=mp3_22050_32&enable_logging=false$/)]);
	});

	it("is refused, the cached clip as well, as soon as the isolate has read of the policy", async () => {
		await run("UPDATE org_config SET provider_policy = 'any' WHERE org_id = 'org_pannu_dental'");
		const key = vendorKey();
		const sent = speech("We are open on Friday.", key);
		expect((await hear(sent)).status).toBe(200);
		await run("UPDATE org_config SET provider_policy = 'baa' WHERE org_id = 'org_pannu_dental'");
		// Whatever was read within 30 s may still give a clip that is spoken already; the next text is asked of nobody.
		const answer = await ask(speech("We are open on Saturday.", key));
		expect(answer.body).toEqual(envelope(answer, "not_configured"));
		// And now the isolate knows.
		expect((await ask(sent)).body).toMatchObject({ error: { code: "not_configured" } });
		expect(await callsOf(key)).toHaveLength(1);
	});
});

describe("speech for everybody else", () => {
	it("is asked of an uncovered host, without zero retention", async () => {
		const key = vendorKey();
		const clip = await hear(speech("Good morning, all.", key, { headers: { "X-Site-Key": CHADIS_KEY } }));
		expect(clip.status).toBe(200);
		expect((await callsOf(key))[0]?.path).not.toContain("enable_logging");
	});

	it("is in zero-retention mode where the account has it, with a site key or without", async () => {
		const key = vendorKey();
		await hear(speech("Good evening, all.", key, { headers: { "X-Site-Key": CHADIS_KEY }, env: ON }));
		await hear(speech("Good evening, you.", key, { headers: {}, env: ON }));
		const paths = (await callsOf(key)).map(({ path }) => path);
		expect(paths).toHaveLength(2);
		expect(paths.every((path) => path.endsWith("&enable_logging=false"))).toBe(true);
	});
});

describe("a conversation with an org whose provider_policy is baa", () => {
	const refused: [string, Overrides, string][] = [
		["covers nobody", AGENTS, "COVERED_HOSTS"],
		["says nothing of the agent", HOST, "ELEVENLABS_ZERO_RETENTION_AGENTS"],
		["has zero retention for speech alone", { ...HOST, ...ON }, "ELEVENLABS_ZERO_RETENTION_AGENTS"],
		[
			"names another agent",
			{ ...HOST, ELEVENLABS_ZERO_RETENTION_AGENTS: `${AGENT}2` },
			"ELEVENLABS_ZERO_RETENTION_AGENTS",
		],
	];
	it.each(refused)(
		"is refused by a deployment that %s: nothing is asked, no place is taken",
		async (_, more, named) => {
			const key = vendorKey();
			const log = spyOnLog();
			const answer = await ask(session(key, more));
			expect(answer.status).toBe(503);
			expect(answer.body).toEqual(envelope(answer, "not_configured"));
			expect(await callsOf(key)).toEqual([]);
			await nothingKept();
			expect(log()).toContain(`"reason":"${named} is missing or unusable`);
		},
	);

	it("is opened with an agent in zero-retention mode", async () => {
		const answer = await ask(session(vendorKey(), { ...HOST, ...AGENTS }));
		expect(answer.status).toBe(201);
		expect(bodyOf(answer).agent_id).toBe(AGENT);
	});

	it("is refused for the site's own agent, of which the deployment says nothing", async () => {
		await run("UPDATE portal_sites SET agent_id = 'agent_pannu' WHERE id = 'site_pannu_dental'");
		const answer = await ask(session(vendorKey(), { ...HOST, ...AGENTS }));
		expect(answer.body).toEqual(envelope(answer, "not_configured"));
		await nothingKept();
	});

	it("is not opened where its visitor would be sent to an uncovered host, and its place is free again", async () => {
		const key = vendorKey();
		const elsewhere = "wss://api.us.elevenlabs.io/v1/convai/conversation?agent_id=a&conversation_id=conv_1";
		await setFaults(key, { body: JSON.stringify({ signed_url: elsewhere }) });
		const answer = await ask(session(key, { ...HOST, ...AGENTS }));
		expect(answer.body).toEqual(envelope(answer, "not_configured"));
		expect(await rows("SELECT status FROM voice_sessions")).toEqual([{ status: "failed" }]);
	});
});

it("a conversation with everybody else needs none of it", async () => {
	const answer = await ask(session(vendorKey(), {}, { headers: { "X-Site-Key": CHADIS_KEY } }));
	expect(answer.status).toBe(201);
});
