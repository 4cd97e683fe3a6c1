import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createPortal, NOW, refusal, withoutRequestId } from "../../../test/portal.ts";
import type { Portal } from "../../../test/portal.ts";
import { PANNU, STAFF, member, seedTwins } from "../../../test/seed.ts";
import { encodeCursor } from "../../../request/cursor.ts";
import { find, findAll, indexAll, talk } from "./talks.ts";

let portal: Portal;

const DAY_18 = { at: "2026-08-18T09:00:00.000Z" };
const TEST_ENGINE = { siteId: "site_alpha_test", at: "2026-08-17T09:00:00.000Z" };

/** Twenty quarrels of one instant beside one another, of which every fifth is about a dragon as well. */
const quarrels = Array.from({ length: 20 }, (_, n) =>
	talk(`quarrel-${String(n).padStart(2, "0")}`, [n % 5 === 0 ? "A quarrel with a dragon" : "A quarrel"], {
		at: "2026-08-10T09:00:00.000Z",
	}),
).flat();

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	await seedTwins(env.DB);
	await env.DB.batch([
		...talk("trampoline", ["Where do I park my trampoline?", "Parking trampolines is free on Saturdays."]),
		...talk("unicycle", ["Is there parking?", "Yes.", "And for a unicycle?", "No unicycles."], DAY_18),
		...talk("tests", ["A trampoline in the test engine"], TEST_ENGINE),
		...talk("theirs", ["Their trampoline is parked"], { orgId: PANNU.id, siteId: PANNU.siteId }),
		...talk("crossed", ["A crossed trampoline"], { siteId: PANNU.siteId }),
		...talk("chinese", ["请问停车场在哪里"], DAY_18),
		...quarrels,
	]);
	await indexAll();
});

// Each with callers of its own, who may call so often.
beforeEach(async () => {
	portal = await createPortal();
});

describe("GET /portal/conversations?q=", () => {
	it("finds by a word in any form, of the visitor's or the bot's, in one round trip, the newest first", async () => {
		const { status, ids, next, roundTrips, body } = await find(portal, "q=parks");
		expect({ status, ids, next, roundTrips }).toEqual({
			...{ status: 200, ids: ["trampoline", "unicycle"], next: null, roundTrips: 1 },
		});
		expect(body).toMatchObject({ searchable_until: "2026-08-20T11:58:00.000Z" });
		expect((await find(portal, "q=Saturday")).ids).toEqual(["trampoline"]);
		expect((await find(portal, `q=${encodeURIComponent("停车")}`)).ids).toEqual(["chinese"]);
	});

	it("wants every word, wherever in the conversation it was said", async () => {
		expect((await find(portal, "q=parking+unicycle")).ids).toEqual(["unicycle"]);
		expect((await find(portal, "q=the+unicycle%27s+parking")).ids).toEqual(["unicycle"]);
		expect((await find(portal, "q=trampoline+unicycle")).ids).toEqual([]);
		expect((await find(portal, "q=trampoline+nowhere")).ids).toEqual([]);
	});

	it("shows the message in which the last of the words came up, with the words", async () => {
		const { listed } = await find(portal, "q=parking+unicycle");
		expect(listed[0]).toMatchObject({
			preview: "Is there parking?",
			match: {
				...{ message_id: "unicycle-2", role: "user" },
				parts: [
					{ text: "And for a ", found: false },
					{ text: "unicycle", found: true },
					{ text: "?", found: false },
				],
			},
		});
	});

	it("shows no match where the message has gone or is another's", async () => {
		await env.DB.prepare(
			"UPDATE session_terms SET place = (SELECT rowid FROM chat_messages WHERE id = 'theirs-0')",
		).run();
		const { ids, listed } = await find(portal, "q=unicycle");
		expect({ ids, match: listed[0]?.["match"] }).toEqual({ ids: ["unicycle"], match: null });
	});

	it("gives each once, whatever the size of the pages, also of one instant", async () => {
		const all = (await findAll(portal, "q=quarrel&limit=100")).flat();
		expect(all.length).toBe(20);
		for (const limit of [1, 3, 7, 19, 20]) {
			const pages = await findAll(portal, `q=quarrel&limit=${limit}`);
			expect(pages.flat()).toEqual(all);
		}
		const dragons = await findAll(portal, "q=quarrel+dragon&limit=1");
		expect(dragons.flat().sort()).toEqual(["quarrel-00", "quarrel-05", "quarrel-10", "quarrel-15"]);
	});

	it("ends a page where it has looked at twenty for each, and goes on behind", async () => {
		await env.DB.batch(
			Array.from({ length: 45 }, (_, n) =>
				talk(`tall-${n}`, [n === 0 ? "A tall order of lamps" : n % 2 === 0 ? "tall order" : "tall lamps, order"], {
					at: `2026-08-09T10:00:${String(n).padStart(2, "0")}.000Z`,
				}),
			).flat(),
		);
		await indexAll();
		await env.DB.prepare("UPDATE chat_sessions SET unanswered = 1 WHERE id IN ('tall-0', 'tall-30')").run();
		const pages = await findAll(portal, "q=tall+order&unanswered=true&limit=1");
		expect(pages.flat()).toEqual(["tall-30", "tall-0"]);
		expect(pages.length).toBeGreaterThan(2);
	});

	it("keeps to days and engines", async () => {
		expect((await find(portal, "q=trampoline")).ids).toEqual(["trampoline", "tests"]);
		expect((await find(portal, "q=trampoline&engine_id=site_alpha_test")).ids).toEqual(["tests"]);
		expect((await find(portal, "q=trampoline&from=2026-08-18")).ids).toEqual(["trampoline"]);
		expect((await find(portal, "q=trampoline&to=2026-08-18")).ids).toEqual(["tests"]);
		expect((await find(portal, "q=trampoline&from=2026-08-19&to=2026-08-19")).ids).toEqual(["trampoline"]);
		expect((await find(portal, "q=trampoline&engine_id=site_pannu_dental")).status).toBe(404);
	});

	it("finds nothing of another org, nor with its cursor", async () => {
		expect((await find(portal, "q=trampoline", member(PANNU))).ids).toEqual(["theirs"]);
		expect((await find(portal, `q=trampoline&orgId=${PANNU.id}`, STAFF)).ids).toEqual(["theirs"]);
		const { next } = await find(portal, "q=quarrel&limit=1");
		expect((await find(portal, `q=trampoline&cursor=${String(next)}`, member(PANNU))).ids).not.toContain("quarrel-00");
	});

	it("names what is at fault, and asks the database nothing", async () => {
		const faults: [string, string, string][] = [
			["q=", "q", "must be given once, with 1 to 400 characters"],
			["q=a&q=b", "q", "must be given once, with 1 to 400 characters"],
			["q=the+and", "q", "must have a word that not every text has: the commonest, such as the, are not searched for"],
			["q=%3F%21", "q", "must have a word that not every text has: the commonest, such as the, are not searched for"],
			[`q=${"x".repeat(201)}`, "q", "must be at most 200 characters"],
			["q=ant+bee+cat+dog+eel+fox+gnu+hen+ibis", "q", "must be at most 8 different words"],
			["rating=best", "rating", "must be one of up, down"],
			["unanswered=1", "unanswered", "must be one of true, false"],
			["has_lead=TRUE", "has_lead", "must be one of true, false"],
			[
				`q=park&cursor=${encodeCursor(["2026-08-20T00:00:00.000Z", "x"])}`,
				"cursor",
				"must be the next_cursor of a page",
			],
			[`cursor=${encodeCursor(["q", "5"])}`, "cursor", "must be the next_cursor of a page"],
			[`q=park&cursor=${encodeCursor(["q", "5; --"])}`, "cursor", "must be the next_cursor of a page"],
		];
		for (const [query, field, message] of faults) {
			const answer = await find(portal, query);
			expect([answer.status, answer.roundTrips], query).toEqual([422, 0]);
			expect(withoutRequestId(answer)).toEqual(
				refusal("invalid_request", `Please correct: ${field}.`, [{ field, message }]),
			);
		}
		expect((await find(portal, "query=park")).status).toBe(422);
	});

	it("does not write what was searched for into the log of reads", async () => {
		await find(portal, "q=trampoline");
		const { results } = await env.DB.prepare("SELECT * FROM audit_log WHERE action = 'conversation.list'").all();
		expect(results.length).toBeGreaterThan(0);
		expect(JSON.stringify(results)).not.toContain("trampoline");
	});
});

describe("GET /portal/conversations with filters", () => {
	it("tells what had no answer and who left an address", async () => {
		await env.DB.batch([
			env.DB.prepare("UPDATE chat_messages SET is_unanswered = 1 WHERE id IN ('unicycle-1', 'unicycle-3')"),
			env.DB.prepare("UPDATE chat_messages SET rating = 'down' WHERE id IN ('trampoline-1', 'unicycle-3')"),
			env.DB.prepare(
				"INSERT INTO leads (id, org_id, site_id, session_id, email) VALUES ('lead-u', 'org_chadis', 'site_chadis', 'unicycle', 'u@example.com')",
			),
		]);
		expect((await find(portal, "unanswered=true&from=2026-08-18")).listed).toMatchObject([
			{ id: "unicycle", unanswered: 2, has_lead: true, rating_down: 1 },
		]);
		await env.DB.prepare("UPDATE chat_messages SET is_unanswered = 0 WHERE id = 'unicycle-3'").run();
		expect((await find(portal, "unanswered=true&from=2026-08-18")).listed).toMatchObject([{ unanswered: 1 }]);
	});

	it.each([
		"rating=up",
		"rating=down",
		"unanswered=true",
		"unanswered=false",
		"has_lead=true",
		"has_lead=false",
		"rating=down&has_lead=true",
		"rating=down&has_lead=false&unanswered=false",
		"rating=up&engine_id=site_chadis",
		"unanswered=false&engine_id=site_alpha_test",
		"has_lead=true&to=2026-08-18",
	])("gives with %s those of all that are so, in pages of any size", async (filters) => {
		const params = new URLSearchParams(filters);
		const isSo = (one: Record<string, unknown>) =>
			(params.get("rating") === null || Number(one[`rating_${params.get("rating")}`]) > 0) &&
			(params.get("unanswered") === null || String(Number(one["unanswered"]) > 0) === params.get("unanswered")) &&
			(params.get("has_lead") === null || String(one["has_lead"]) === params.get("has_lead")) &&
			(params.get("engine_id") === null || one["engine_id"] === params.get("engine_id")) &&
			(params.get("to") === null || String(one["started_at"]) < "2026-08-19");
		const expected = (await find(portal, "limit=100")).listed.filter(isSo).map(({ id }) => id);
		expect(expected.length).toBeGreaterThan(0);
		for (const limit of [2, 3, 100])
			expect((await findAll(portal, `${filters}&limit=${limit}`)).flat()).toEqual(expected);
	});

	it("counts a lead out again that was erased", async () => {
		await env.DB.prepare("DELETE FROM leads WHERE id = 'lead-u'").run();
		expect((await find(portal, "has_lead=true")).ids).not.toContain("unicycle");
	});
});
