import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { checksum } from "../../test/checksum.ts";
import { createPortal, NOW } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, PANNU, STAFF, admin, member, seedTwins } from "../../test/seed.ts";

let portal: Portal;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
});

const test = (body: unknown, as = member(CHADIS), query = "") =>
	portal.call(`/portal/knowledge/test${query}`, { method: "POST", as, body });

describe("POST /portal/knowledge/test", () => {
	it("shows what a question finds, how near it is, and what the model would be shown, at nobody's cost", async () => {
		const before = await checksum(env.DB);
		const { status, body, roundTrips } = await test({ question: "Where can I park?" });
		expect({ status, roundTrips }).toEqual({ status: 200, roundTrips: 2 });
		const passages = Object(body).passages;
		expect(passages[0]).toEqual({
			...{
				knowledge_id: "kn-alpha-a",
				kind: "article",
				title: "Parking alpha",
				content: expect.stringContaining("Park"),
			},
			...{ source_url: "https://alpha.example/parking", score: expect.any(Number), shown: "near" },
		});
		expect(passages[0].score).toBeGreaterThan(0);
		expect(passages[1]).toMatchObject({ knowledge_id: "kn-alpha-b", score: 0, shown: "rest" });
		expect(Object(body)).toMatchObject({ question: "Where can I park?", curated: null });
		const shown = passages.reduce((sum: number, { title, content }: Record<string, string>) => {
			return sum + String(title).length + String(content).length;
		}, 0);
		expect(Object(body).shown_characters).toBe(shown);
		expect(JSON.stringify(body)).not.toContain(PANNU.mark);
		expect(await checksum(env.DB)).toBe(before);
	});

	it("says when the owner's own answer would be given", async () => {
		expect((await test({ question: "are you ALPHA" })).body).toMatchObject({
			curated: { id: "kn-alpha-b", title: "Are you alpha?", body: "We are alpha.", source_url: null },
		});
	});

	it("serves members, and staff for an org that they name", async () => {
		expect(await test({ question: "Parking?" }, STAFF, `?orgId=${PANNU.id}`)).toMatchObject({
			status: 200,
			body: { passages: [{ knowledge_id: "kn-omega-a" }, {}] },
		});
	});

	it("refuses what is no question", async () => {
		for (const body of [
			{},
			{ question: "" },
			{ question: 5 },
			{ question: "x".repeat(2001) },
			{ question: "Who?", a: 1 },
		])
			expect(await test(body)).toMatchObject({ status: 422 });
		expect(await test("{", admin(CHADIS))).toMatchObject({ status: 400 });
	});

	it("says that an organization without an engine has nothing to search by", async () => {
		await env.DB.batch([env.DB.prepare("INSERT INTO orgs (id, name, slug) VALUES ('org_new', 'New', 'new')")]);
		expect(await test({ question: "Who?" }, STAFF, "?orgId=org_new")).toMatchObject({
			status: 409,
			body: { error: { code: "conflict" } },
		});
	});
});
