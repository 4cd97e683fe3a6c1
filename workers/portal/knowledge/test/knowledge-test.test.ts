import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { articleStatements } from "../../../lib/knowledge/test/knowledge-samples.ts";
import type { TokenOptions } from "../../../lib/test/tokens.ts";
import { emptyLog, readsInLog } from "../../audit/test/audit-client.ts";
import { checksum } from "../../test/checksum.ts";
import { createPortal, NOW } from "../../test/portal.ts";
import type { Call, Portal } from "../../test/portal.ts";
import { CHADIS, PANNU, STAFF, admin, member, seedTwins } from "../../test/seed.ts";

let portal: Portal;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
});

/** Knowledge that is too much to be shown whole. */
const MUCH = { KNOWLEDGE_WHOLE_TOKENS: "0" };

const test = (body: unknown, as: Partial<TokenOptions> = member(CHADIS), query = "", variables: Call["env"] = {}) =>
	portal.call(`/portal/knowledge/test${query}`, { method: "POST", as, body, env: variables });

function charactersOf(passages: Record<string, string>[]): number {
	return passages.reduce((sum, { title, content }) => sum + String(title).length + String(content).length, 0);
}

describe("POST /portal/knowledge/test", () => {
	it("shows all of little knowledge, as the model would be shown it, at nobody's cost", async () => {
		const before = await checksum(env.DB);
		const { status, body, roundTrips } = await test({ question: "Where can I park?" });
		expect({ status, roundTrips }).toEqual({ status: 200, roundTrips: 1 });
		const { passages, ...rest } = Object(body);
		expect(passages).toHaveLength(2);
		expect(passages).toContainEqual({
			...{ knowledge_id: "kn-alpha-a", kind: "article", title: "Parking alpha" },
			content: expect.stringContaining("Park"),
			...{ source_url: "https://alpha.example/parking", shown: true },
			...{ score: null, word_score: null, meaning_score: null },
		});
		expect(rest).toEqual({
			...{ question: "Where can I park?", earlier_weight: 0.6, curated: null },
			...{ kind: "whole", ranking: null, near: true },
			shown_characters: charactersOf(passages),
		});
		expect(JSON.stringify(body)).not.toContain(PANNU.mark);
		expect(await checksum(env.DB)).toBe(before);
	});

	it("shows what a question finds of more, how near it is, and what of it would not be shown", async () => {
		const { body } = await test({ question: "Where can I park?" }, undefined, "", MUCH);
		expect(body).toMatchObject({
			...{ kind: "best", ranking: "words", near: true },
			passages: [{ knowledge_id: "kn-alpha-a", meaning_score: null, shown: true }],
		});
		const [{ score, word_score: byWords }] = Object(body).passages;
		expect(score).toBeGreaterThan(0);
		expect(byWords).toBe(score);
		const small = await test({ question: "Where can I park?" }, undefined, "", { ...MUCH, KNOWLEDGE_MAX_TOKENS: "1" });
		expect(small.body).toMatchObject({
			...{ kind: "best", near: false, shown_characters: 0 },
			passages: [{ knowledge_id: "kn-alpha-a", shown: false }],
		});
		expect((await test({ question: "Quantum gravity?" }, undefined, "", MUCH)).body).toMatchObject({
			...{ kind: "best", near: false, passages: [] },
		});
		expect((await test({ question: "Thank you!" }, undefined, "", MUCH)).body).toMatchObject({
			...{ kind: "none", ranking: null, near: true, passages: [] },
		});
	});

	it("says when the owner's own answer would be given, also to a question in other words", async () => {
		const curated = { id: "kn-alpha-b", title: "Are you alpha?", body: "We are alpha.", source_url: null };
		for (const env of [{}, MUCH]) {
			expect((await test({ question: "are you ALPHA" }, undefined, "", env)).body).toMatchObject({ curated });
			expect((await test({ question: "Are you currently alpha?" }, undefined, "", env)).body).toMatchObject({
				curated,
			});
		}
		const never = { CURATED_LEAST_SCORE: "101" };
		expect((await test({ question: "Are you currently alpha?" }, undefined, "", never)).body).toMatchObject({
			curated: null,
		});
	});

	it("leaves its row in the log where it is not the org's own people who ask, and none where it is refused", async () => {
		const path = `?orgId=${CHADIS.id}`;
		await emptyLog();
		await test({ question: "Who?" });
		await test({ question: "" }, STAFF, path);
		expect(await readsInLog()).toEqual([]);
		await test({ question: "Who?" }, STAFF, path);
		expect(await readsInLog()).toMatchObject([{ action: "knowledge.test", target: CHADIS.id, user_id: "user_staff" }]);
	});

	it("serves members, and staff for an org that they name", async () => {
		const { status, body } = await test({ question: "Parking?" }, STAFF, `?orgId=${PANNU.id}`);
		const ids = Object(body).passages.map((passage: Record<string, unknown>) => passage.knowledge_id);
		expect({ status, ids: ids.sort() }).toEqual({ status: 200, ids: ["kn-omega-a", "kn-omega-b"] });
	});

	it("refuses what is no question", async () => {
		for (const body of [
			{},
			{ question: "" },
			{ question: 5 },
			{ question: "x".repeat(2001) },
			{ question: "Who?", a: 1 },
			{ question: "Who?", session: 5 },
			{ question: "Who?", session: "" },
			{ question: "Who?", session: "x".repeat(65) },
			{ question: "Who?", earlier: "Hi" },
			{ question: "Who?", earlier: ["Hi", ""] },
			{ question: "Who?", earlier: Array(11).fill("Hi") },
			{ question: "Who?", session: "session-alpha-5", earlier: ["Hi"] },
		])
			expect(await test(body)).toMatchObject({ status: 422 });
		expect(await test("{", admin(CHADIS))).toMatchObject({ status: 400 });
	});

	it("searches for an organization that has no engine yet as well", async () => {
		await env.DB.batch([
			env.DB.prepare("INSERT INTO orgs (id, name, slug) VALUES ('org_new', 'New', 'new')"),
			...articleStatements(env.DB, "org_new", { id: "kn-new", title: "Parking", body: "Park in the yard." }),
		]);
		expect(await test({ question: "Parking?" }, STAFF, "?orgId=org_new", MUCH)).toMatchObject({
			status: 200,
			body: { kind: "best", passages: [{ knowledge_id: "kn-new" }] },
		});
	});
});
