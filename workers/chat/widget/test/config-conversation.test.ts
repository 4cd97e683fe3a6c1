import { env } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { CHADIS_KEY, PANNU_KEY, newClient } from "../../test/client.ts";
import { run, watched } from "../../test/tables.ts";

const CONVERSATION_BASE_URL = "https://talk.example";
const OFFERED = { url: "https://talk.example/" };
const AGENT = "agent_of_chadis";

beforeEach(async () => {
	await resetDatabase(env.DB);
	await run(
		"INSERT INTO portal_sites (id, org_id, site_key, name, type) VALUES ('site_chadis_line', 'org_chadis', 'sk_chadis_live_line123', 'Line', 'voice'), ('site_pannu_line', 'org_pannu_dental', 'sk_pannu_live_line123', 'Line', 'voice')",
	);
});

async function offered(vars: Record<string, string> = { CONVERSATION_BASE_URL }, key = CHADIS_KEY): Promise<unknown> {
	const { db, trips } = watched();
	const path = `/config?site_key=${key}`;
	const response = await newClient().call({ method: "GET", path, env: { ...vars, DB: db } });
	expect([response.status, trips()]).toEqual([200, 1]);
	return (await response.json<{ conversation: unknown }>()).conversation;
}

it("is offered where deployment, plan and an active voice engine have it", async () => {
	expect(await offered()).toEqual(OFFERED);
});

it("is not offered by a deployment that names no address of it", async () => {
	expect(await offered({})).toBeNull();
	expect(await offered({ CONVERSATION_BASE_URL: "http://talk.example" })).toBeNull();
	expect(await offered({ VOICE_BASE_URL: "https://voice.example" })).toBeNull();
});

it("is not offered by a plan without conversations", async () => {
	expect(await offered({ CONVERSATION_BASE_URL }, PANNU_KEY)).toBeNull();
	await run("UPDATE orgs SET plan = 'voice' WHERE id = 'org_pannu_dental'");
	expect(await offered({ CONVERSATION_BASE_URL }, PANNU_KEY)).toEqual(OFFERED);
});

it("is not offered where the voice engine is paused", async () => {
	await run("UPDATE portal_sites SET status = 'paused' WHERE id = 'site_chadis_line'");
	expect(await offered()).toBeNull();
});

it.each(["privacy = 'redact'", "privacy = 'no_store'", "provider_policy = 'baa'", "privacy = 'of a later version'"])(
	"is offered under %s only with an agent of the site's own that keeps nothing",
	async (set) => {
		await run("PRAGMA ignore_check_constraints = on");
		await run(`UPDATE org_config SET ${set} WHERE org_id = 'org_chadis'`);
		const vars = { CONVERSATION_BASE_URL, ELEVENLABS_ZERO_RETENTION_AGENTS: `agent_other, ${AGENT}` };
		expect(await offered(vars)).toBeNull();
		await run("UPDATE portal_sites SET agent_id = 'agent_kept' WHERE id = 'site_chadis'");
		expect(await offered(vars)).toBeNull();
		await run("UPDATE portal_sites SET agent_id = ?1 WHERE id = 'site_chadis'", AGENT);
		expect(await offered(vars)).toEqual(OFFERED);
		expect(await offered()).toBeNull();
	},
);
