import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { isObject } from "../../../lib/http/json.ts";
import { siteStatement } from "../../../lib/site/site.ts";
import { auditRows } from "../../settings/test/config-client.ts";
import { ANSWER, ARTICLE, PATH, counters, find, knowledgeClient } from "./knowledge-client.ts";
import type { KnowledgeClient } from "./knowledge-client.ts";
import { createPortal, NOW, UUID } from "../../test/portal.ts";
import { runDaily } from "../../housekeeping/test/retention-seed.ts";
import { CHADIS, STAFF, seedTwins } from "../../test/seed.ts";

let client: KnowledgeClient;

beforeEach(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	client = knowledgeClient(await createPortal());
	await seedTwins(env.DB);
});

const AT = "2026-08-20T12:00:00.000Z";
const BY_ADMIN = { org_id: "org_chadis", at: AT, user_id: "user_alphaAdmin", acting_as: "admin" };

async function rows(sql: string): Promise<unknown[]> {
	return (await env.DB.prepare(sql).all()).results;
}

function idOf(body: unknown): string {
	return isObject(body) && isObject(body.entry) ? String(body.entry.id) : "";
}

describe("POST /portal/knowledge", () => {
	it("stores an article that the chat finds from then on", async () => {
		const { location, ...answer } = await client.post(ARTICLE);
		const id = idOf(answer.body);
		expect(id).toMatch(UUID);
		expect(location).toBe(`/portal/knowledge/${id}`);
		expect(answer).toEqual({
			status: 201,
			body: {
				entry: { ...ARTICLE, id, hits: 0, version: 1, created_at: AT, updated_at: AT, updated_by: "user_alphaAdmin" },
			},
			etag: 'W/"1"',
			roundTrips: 2,
		});
		expect((await client.get(`/portal/knowledge/${id}`)).body).toEqual(answer.body);
		expect(await find("how do refunds work")).toEqual(["Refunds"]);
		expect(await auditRows(env.DB)).toEqual([
			{ ...BY_ADMIN, action: "knowledge.create", target: id, fields: '["kind","title","body","source_url"]' },
		]);
	});

	it("stores an answer under its question as visitors may spell it", async () => {
		const { body, status } = await client.post({ ...ANSWER, title: "  Do you take CARDS? ", source_url: null });
		expect(status).toBe(201);
		expect(body).toMatchObject({
			entry: { kind: "answer", title: "Do you take CARDS?", body: "Yes, all of them.", source_url: null },
		});
		expect(await rows(`SELECT question_key FROM knowledge WHERE id = '${idOf(body)}'`)).toEqual([
			{ question_key: "do you take cards" },
		]);
		expect(await find("which cards")).toEqual(["Do you take CARDS?"]);
	});

	it("writes the name of staff who act for the org", async () => {
		const { body } = await client.post(ANSWER, { as: { ...STAFF, org: { id: CHADIS.clerkId, role: "member" } } });
		expect(body).toMatchObject({ entry: { updated_by: "user_staff" } });
		expect(await auditRows(env.DB)).toMatchObject([
			{ user_id: "user_staff", acting_as: "staff", fields: '["kind","title","body"]' },
		]);
	});

	it("changes the version that cached answers are kept under, of this org alone", async () => {
		const versions = async () => {
			const read = (key: string) => siteStatement(env.DB, { siteKey: key, now: AT }).first("config_version");
			return [await read("sk_chadis_live_abc123"), await read("sk_pannu_live_def456")];
		};
		const before = await versions();
		const { body } = await client.post(ARTICLE);
		const created = await versions();
		await client.put(`/portal/knowledge/${idOf(body)}`, { ...ARTICLE, body: "Never." });
		const replaced = await versions();
		await client.delete(`/portal/knowledge/${idOf(body)}`);
		const seen = [before, created, replaced, await versions()];
		expect(new Set(seen.map(([chadis]) => chadis)).size).toBe(4);
		expect(new Set(seen.map(([, pannu]) => pannu)).size).toBe(1);
	});

	it("stores the longest article there can be, every part of which is found", async () => {
		const sections = Array.from(
			{ length: 480 },
			(_, n) => `Section ${n} is about zebra${n}, which nobody else has. ${"More words. ".repeat(4)}`,
		);
		const body = sections.join("\n\n").slice(0, 50_000);
		const { status } = await client.post({ ...ARTICLE, body });
		expect(status).toBe(201);
		for (const n of [0, 200, 400]) expect(await find(`zebra${n}`)).toEqual(["Refunds"]);
	});
});

describe("PUT /portal/knowledge/{id}", () => {
	it("puts another text in the place of an article's, and finds it by that alone", async () => {
		const answer = await client.put(PATH, { kind: "article", title: "Giraffes", body: "They graze." });
		expect(answer).toEqual({
			status: 200,
			body: {
				entry: {
					id: "kn-alpha-a",
					kind: "article",
					title: "Giraffes",
					body: "They graze.",
					source_url: null,
					hits: 7,
					version: 3,
					created_at: "2026-08-01T08:00:00.000Z",
					updated_at: AT,
					updated_by: "user_alphaAdmin",
				},
			},
			etag: 'W/"3"',
			roundTrips: 2,
		});
		expect((await client.get(PATH)).body).toEqual(answer.body);
		expect(await find("giraffe")).toEqual(["Giraffes"]);
		expect(await find("parking")).toEqual([]);
		expect(await auditRows(env.DB)).toEqual([
			{ ...BY_ADMIN, action: "knowledge.update", target: "kn-alpha-a", fields: '["title","body","source_url"]' },
		]);
	});

	it("makes an article an answer, and an answer an article", async () => {
		expect((await client.put(PATH, ANSWER)).status).toBe(200);
		expect((await client.put("/portal/knowledge/kn-alpha-b", ARTICLE)).status).toBe(200);
		expect(await rows("SELECT id, kind, question_key FROM knowledge WHERE org_id = 'org_chadis' ORDER BY id")).toEqual([
			{ id: "kn-alpha-a", kind: "answer", question_key: "do you take cards" },
			{ id: "kn-alpha-b", kind: "article", question_key: null },
		]);
	});

	it("keeps an answer's own question, spelt in another way", async () => {
		expect(
			await client.put("/portal/knowledge/kn-alpha-b", { kind: "answer", title: "are you ALPHA", body: "We are." }),
		).toMatchObject({
			status: 200,
			body: { entry: { title: "are you ALPHA", version: 3 } },
		});
	});

	it("writes nothing when nothing changes", async () => {
		const same = {
			kind: "article",
			title: " Parking alpha ",
			body: "Park behind alpha.",
			source_url: "https://alpha.example/parking",
		};
		expect(await client.put(PATH, same)).toMatchObject({ status: 200, etag: 'W/"2"', roundTrips: 1 });
		expect(await auditRows(env.DB)).toEqual([]);
	});
});

describe("DELETE /portal/knowledge/{id}", () => {
	it("deletes an entry with its passages", async () => {
		expect(await counters()).toMatchObject({ passages: 2 });
		expect(await client.delete(PATH)).toEqual({ status: 204, body: null, etag: null, roundTrips: 2 });
		expect((await client.get(PATH)).status).toBe(404);
		expect((await client.delete(PATH)).status).toBe(404);
		expect(await find("parking")).toEqual([]);
		expect(await counters()).toMatchObject({ passages: 1 });
		expect(await rows("SELECT COUNT(*) AS n FROM knowledge_passages WHERE knowledge_id = 'kn-alpha-a'")).toEqual([
			{ n: 0 },
		]);
		expect(await auditRows(env.DB)).toEqual([
			{ ...BY_ADMIN, action: "knowledge.delete", target: "kn-alpha-a", fields: "[]" },
		]);
	});
});

describe("the daily run", () => {
	it("makes what was written by hand searchable, forty entries a day", async () => {
		await env.DB.prepare(`
			WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 50)
			INSERT INTO knowledge (id, org_id, title, body) SELECT printf('hand%02d', n), 'org_chadis', 'By hand', 'A zebra.' FROM n
		`).run();
		expect(await find("zebra")).toEqual([]);
		const [, first] = await runDaily();
		expect(first).toEqual({ level: "info", event: "knowledge_indexed", entries: 40 });
		expect(await find("zebra")).toEqual(Array(24).fill("By hand"));
		const [, second] = await runDaily();
		expect(second).toEqual({ level: "info", event: "knowledge_indexed", entries: 10 });
		expect(await runDaily()).toHaveLength(1);
		expect(await counters()).toMatchObject({ passages: 52 });
	});
});
