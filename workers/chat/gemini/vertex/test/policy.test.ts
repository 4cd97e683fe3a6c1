import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../../../lib/test/database.ts";
import { callsOf } from "../../../../local/stand-ins/control.ts";
import worker from "../../../index.ts";
import {
	BY_MEANING,
	INVISIBLE,
	ask,
	embeddedBy,
	knownClient,
	newLibrary,
	newRunner,
	questionsEmbedded,
} from "../../../meaning/test/library.ts";
import { CHADIS_KEY, PANNU_KEY, STREAMED, eventsOf, expectError, newClient } from "../../../test/client.ts";
import { NOTHING_WRITTEN, rows, run, watched, written } from "../../../test/tables.ts";
import { newAccount, spyOnLog } from "./google.ts";

beforeEach(async () => {
	await resetDatabase(env.DB);
	await demandAgreement("org_pannu_dental");
});
afterEach(() => vi.restoreAllMocks());

const HOST = "aiplatform.us.rep.googleapis.com";

async function demandAgreement(orgId: string): Promise<void> {
	await run(
		"INSERT INTO org_config (org_id) SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM org_config WHERE org_id = ?1)",
		orgId,
	);
	await run("UPDATE org_config SET provider_policy = 'baa' WHERE org_id = ?1", orgId);
}

/** Bindings of a deployment with a key of the Developer API, which the client brings, and an account. */
async function covered(hosts = HOST) {
	const account = await newAccount();
	return { account, bindings: { VERTEX_SERVICE_ACCOUNT: account.env.VERTEX_SERVICE_ACCOUNT, COVERED_HOSTS: hosts } };
}

describe("an org whose provider_policy is baa", () => {
	const uncovered: [string, Record<string, string>, string][] = [
		["nothing but a key of the Developer API", {}, "VERTEX_SERVICE_ACCOUNT is missing or unusable"],
		["the Developer API listed", { COVERED_HOSTS: "generativelanguage.googleapis.com" }, "VERTEX_SERVICE_ACCOUNT"],
		["an unusable account", { VERTEX_SERVICE_ACCOUNT: "{}", COVERED_HOSTS: HOST }, "VERTEX_SERVICE_ACCOUNT"],
	];
	it.each(uncovered)("is refused by a deployment with %s: nothing is asked or kept", async (_, bindings, reason) => {
		for (const headers of [{}, STREAMED]) {
			const client = newClient();
			const log = spyOnLog();
			await expectError(await client.call({ key: PANNU_KEY, env: bindings, headers }), 503, "not_configured");
			expect(await client.asked()).toEqual([]);
			expect(log()).toContain(reason);
			expect(log()).not.toContain("When do you open");
		}
		expect(await written()).toEqual(NOTHING_WRITTEN);
		expect(await rows("SELECT 1 FROM turns UNION ALL SELECT 1 FROM usage_clients")).toEqual([]);
	});

	it.each([
		["", "COVERED_HOSTS is missing or unusable (Vertex AI)"],
		["aiplatform.googleapis.com", "(Vertex AI)"],
		["rep.googleapis.com,googleapis.com", "(Vertex AI)"],
		[`${HOST},*.elevenlabs.io`, 'COVERED_HOSTS is missing or unusable"'],
		[`https://${HOST}`, 'COVERED_HOSTS is missing or unusable"'],
	])("is refused where the hosts are listed as %j", async (hosts, reason) => {
		const { account, bindings } = await covered(hosts);
		const client = newClient();
		const log = spyOnLog();
		await expectError(await client.call({ key: PANNU_KEY, env: bindings }), 503, "not_configured");
		expect([await client.asked(), await account.asked(), await account.exchanges()]).toEqual([[], [], []]);
		expect(await written()).toEqual(NOTHING_WRITTEN);
		expect(log()).toContain(reason);
		// Another org is none the worse for it.
		expect((await client.call({ key: CHADIS_KEY, env: bindings })).status).toBe(200);
	});

	it("is answered by Vertex AI, and the other orgs of the deployment by the Developer API", async () => {
		const { account, bindings } = await covered(`api.elevenlabs.io, ${HOST.toUpperCase()}`);
		const client = newClient();
		const { db, trips } = watched();
		const answer = await client.call({ key: PANNU_KEY, env: { ...bindings, DB: db } });
		expect(await answer.json()).toMatchObject({ finish: "stop" });
		expect(trips()).toBe(2);
		const streamed = await client.call({
			key: PANNU_KEY,
			env: bindings,
			headers: STREAMED,
			body: { message: "And then?" },
		});
		expect(eventsOf(await streamed.text()).at(-1)?.event).toBe("done");
		expect([(await account.asked()).length, (await client.asked()).length]).toEqual([2, 0]);
		await client.call({ key: CHADIS_KEY, env: bindings });
		expect([(await account.asked()).length, (await client.asked()).length]).toEqual([2, 1]);
	});

	it("is not answered by the Developer API when Vertex AI is down", async () => {
		const { account, bindings } = await covered();
		await account.faults({ path: "/v1/projects", status: 503, times: 9 });
		const client = newClient();
		await expectError(await client.call({ key: PANNU_KEY, env: bindings }), 503, "model_unavailable");
		expect([(await account.asked()).length, (await client.asked()).length]).toEqual([2, 0]);
	});

	it("still tells who is in danger whom to call, with nothing covered", async () => {
		const answer = await newClient().call({ key: PANNU_KEY, body: { message: "I want to kill myself" } });
		expect(await answer.json()).toMatchObject({ finish: "safety", response: expect.stringContaining("988") });
	});

	it("is refused from a turn on in which it demands an agreement, in an isolate that remembers it without", async () => {
		const client = newClient();
		expect((await client.call({ key: CHADIS_KEY })).status).toBe(200);
		await demandAgreement("org_chadis");
		await expectError(await client.call({ key: CHADIS_KEY }), 503, "not_configured");
		expect(await client.asked()).toHaveLength(1);
	});
});

describe("meaning, for an org whose provider_policy is baa", () => {
	it("is not asked for its knowledge, while the others' is embedded", async () => {
		const [demanding, other] = [await newLibrary(), await newLibrary()];
		await demandAgreement(demanding.orgId);
		const runner = newRunner();
		await runner.embed((await covered()).bindings);
		expect(new Set(Object.values(await embeddedBy(demanding)))).not.toContain("gemini-embedding-2/768");
		expect(new Set(Object.values(await embeddedBy(other)))).toEqual(new Set(["gemini-embedding-2/768"]));
		expect(await rows("SELECT 1 FROM knowledge_vectors WHERE org_id = ?1", demanding.orgId)).toEqual([]);
	});

	it("is not asked of its visitors' questions, though it has vectors from before", async () => {
		const library = await newLibrary();
		await newRunner().embed();
		const { account, bindings } = await covered();
		const client = await knownClient(library);
		expect((await ask(client, library, BY_MEANING)).told).toContain(INVISIBLE.body);
		expect(await questionsEmbedded(client)).toHaveLength(1);
		await demandAgreement(library.orgId);
		// The isolate reads the site anew before it may send anything of the next question.
		await client.call({ method: "GET", path: `/config?site_key=${library.siteKey}` });
		expect((await ask(client, library, BY_MEANING, { env: bindings })).status).toBe(200);
		expect(await questionsEmbedded(client)).toHaveLength(1);
		expect(JSON.stringify((await account.asked()).map(({ body }) => body))).not.toContain(INVISIBLE.body);
	});
});

describe("golden questions of an org whose provider_policy is baa", () => {
	async function asked(config: Record<string, unknown>, bindings: Record<string, string>) {
		const key = `key-${crypto.randomUUID()}`;
		const now = new Date().toISOString();
		// This day has had its nightly run.
		await run(
			`INSERT INTO golden_questions (org_id, questions, nightly_date)
			VALUES ('org_pannu_dental', '[{"question":"Is there parking?"}]', ?1)`,
			now.slice(0, 10),
		);
		await run(
			"INSERT INTO golden_runs (id, org_id, origin, config, created_at) VALUES ('run', 'org_pannu_dental', 'on_demand', ?1, ?2)",
			...[JSON.stringify(config), now],
		);
		spyOnLog();
		const controller = createScheduledController({ scheduledTime: Date.now(), cron: "* * * * *" });
		await worker.scheduled(controller, { ...env, GEMINI_API_KEY: key, ...bindings });
		const [ended] = await rows("SELECT status, asked, stopped_by FROM golden_runs");
		return { ended, developer: (await callsOf(key)).length };
	}

	it("are asked of nobody where nothing is covered", async () => {
		expect(await asked({ provider_policy: "any" }, {})).toEqual({
			ended: { status: "incomplete", asked: 0, stopped_by: "model_unavailable" },
			developer: 0,
		});
	});

	it("are asked of Vertex AI", async () => {
		const { account, bindings } = await covered();
		expect(await asked({}, bindings)).toMatchObject({ developer: 0 });
		expect(await account.asked()).toHaveLength(1);
	});

	it("are asked so as well by a draft that demands it", async () => {
		await run("UPDATE org_config SET provider_policy = NULL WHERE org_id = 'org_pannu_dental'");
		expect(await asked({ provider_policy: "baa" }, {})).toMatchObject({ developer: 0 });
	});
});
