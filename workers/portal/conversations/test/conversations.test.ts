import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { isObject } from "../../../lib/http/json.ts";
import { createPortal, NOW, refusal, withoutRequestId } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, PANNU, STAFF, member, seedTwins } from "../../test/seed.ts";
import { visitorName } from "./visitor-name.ts";

let portal: Portal;

const insertSession = () =>
	env.DB.prepare(
		"INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at) VALUES (?1, 'org_chadis', 'site_chadis', 'v', ?2)",
	);

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
	await env.DB.batch([
		// The two edges of a day, twice the same instant, and what is older than a year.
		insertSession().bind("edge-last", "2026-08-18T23:59:59.999Z"),
		insertSession().bind("edge-b", "2026-08-18T00:00:00.000Z"),
		insertSession().bind("edge-a", "2026-08-18T00:00:00.000Z"),
		insertSession().bind("edge-before", "2026-08-17T23:59:59.999Z"),
		insertSession().bind("oldest", "2020-01-01T00:00:00.000Z"),
		env.DB.prepare(
			"INSERT INTO chat_messages (id, org_id, session_id, role, content) VALUES ('p1', 'org_chadis', 'edge-a', 'assistant', 'not this')",
		),
		env.DB.prepare(
			"INSERT INTO chat_messages (id, org_id, session_id, role, content) VALUES ('p2', 'org_chadis', 'edge-a', 'user', ?1)",
		).bind(`${"🦷".repeat(159)}ab`),
	]);
});

const TODAY = ["7", "6", "5", "4", "3", "2", "1", "0"].map((n) => `session-alpha-${n}`);
const EDGES = ["edge-last", "edge-b", "edge-a", "edge-before"];
const ALL = [...TODAY, ...EDGES, "oldest"];

async function read(query = "", as = member(CHADIS)) {
	const answer = await portal.call(`/portal/conversations${query}`, { as });
	const body = isObject(answer.body) ? answer.body : {};
	const listed: unknown[] = Array.isArray(body.conversations) ? body.conversations : [];
	const ids = listed.filter(isObject).map(({ id }) => id);
	return { ...answer, ids, next: body.next_cursor, listed };
}

/** The ids of every page from the first on. */
async function readAll(query: string): Promise<unknown[][]> {
	const pages: unknown[][] = [];
	for (let cursor = ""; ; ) {
		const { ids, next } = await read(`?${query}${cursor}`);
		pages.push(ids);
		if (typeof next !== "string") return pages;
		cursor = `&cursor=${next}`;
	}
}

describe("GET /portal/conversations", () => {
	it("lists every engine's conversations, the newest first, in one round trip", async () => {
		const { status, ids, next, listed, roundTrips } = await read();
		expect({ status, ids, next, roundTrips }).toEqual({ status: 200, ids: ALL, next: null, roundTrips: 1 });
		expect(listed[2]).toEqual({
			id: "session-alpha-5",
			engine_id: "site_chadis",
			engine_name: "First alpha",
			visitor: visitorName(CHADIS.id, "visitor-alpha-5"),
			started_at: "2026-08-20T10:05:00.000Z",
			last_message_at: "2026-08-20T11:05:00.000Z",
			message_count: 10,
			preview: "When are you open, alpha",
			rating_up: 1,
			rating_down: 1,
			unanswered: 0,
			has_lead: true,
			match: null,
		});
		expect(listed[0]).toMatchObject({
			engine_id: "site_alpha_test",
			engine_name: "Third alpha",
			preview: "Testing, alpha",
			rating_up: 0,
		});
		expect(listed[1]).toMatchObject({ engine_id: "site_alpha_voice", preview: null });
	});

	it("cuts the preview at 160 characters, never inside one", async () => {
		const { listed } = await read("?from=2026-08-18&to=2026-08-18");
		expect(listed.filter(isObject).find(({ id }) => id === "edge-a")?.preview).toBe(`${"🦷".repeat(159)}a`);
	});

	it("gives every conversation once, whatever the size of the pages", async () => {
		for (const limit of [1, 2, 5, 12, 13, 100]) {
			const pages = await readAll(`limit=${limit}`);
			expect(pages.flat()).toEqual(ALL);
			expect(pages.length).toBe(Math.ceil(ALL.length / limit));
		}
	});

	it("does not repeat or skip a conversation when others come and go between pages", async () => {
		const first = await read("?limit=3");
		await env.DB.batch([
			insertSession().bind("newer", "2026-08-20T11:59:00.000Z"),
			env.DB.prepare("DELETE FROM chat_sessions WHERE id = 'session-alpha-5'"),
		]);
		const second = await read(`?limit=3&cursor=${String(first.next)}`);
		await env.DB.prepare("DELETE FROM chat_sessions WHERE id = 'newer'").run();
		await env.DB.prepare(
			"INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at) VALUES ('session-alpha-5', 'org_chadis', 'site_chadis', 'v', '2026-08-20T10:05:00.000Z')",
		).run();
		expect([...first.ids, ...second.ids]).toEqual(TODAY.slice(0, 6));
	});

	it("keeps to whole UTC days, both ends included", async () => {
		expect((await readAll("from=2026-08-18&to=2026-08-18&limit=2")).flat()).toEqual(["edge-last", "edge-b", "edge-a"]);
		expect((await read("?from=2026-08-18")).ids).toEqual([...TODAY, ...EDGES.slice(0, 3)]);
		expect((await read("?to=2026-08-17")).ids).toEqual(["edge-before"]);
		expect((await read("?from=2019-06-01&to=2020-05-31")).ids).toEqual(["oldest"]);
		expect((await read("?from=2026-08-19&to=2027-01-31")).ids).toEqual(TODAY);
	});

	it("takes the day that has begun east of UTC, on which nothing was said yet", async () => {
		expect(await read("?from=2026-08-21&to=2026-08-21")).toMatchObject({ ids: [], next: null });
		expect(await read("?from=2026-08-21")).toMatchObject({ ids: [] });
	});

	it("keeps to an engine, of any environment", async () => {
		expect((await readAll("engine_id=site_alpha_test&limit=1")).flat()).toEqual(["session-alpha-7"]);
		expect((await readAll("engine_id=site_chadis&limit=4")).flat()).toEqual([...TODAY.slice(2), ...EDGES, "oldest"]);
		expect((await read("?engine_id=site_chadis&from=2026-08-17&to=2026-08-17")).ids).toEqual(["edge-before"]);
	});

	it("answers for another org's engine as for none", async () => {
		for (const id of [PANNU.siteId, "site_nobody", "SITE_CHADIS", "%"]) {
			const answer = await read(`?engine_id=${encodeURIComponent(id)}`);
			expect(answer.status).toBe(404);
			expect(withoutRequestId(answer)).toEqual(
				refusal("not_found", "There is no engine with this id; GET /portal/engines lists them."),
			);
		}
	});

	it("gives the other org's cursor no other rows", async () => {
		const theirs = await read("?limit=1", member(PANNU));
		expect(theirs.ids).toEqual(["session-omega-7"]);
		expect((await read(`?cursor=${String(theirs.next)}`)).ids).toEqual(ALL);
	});

	it("lets no cursor reach beyond the days asked for", async () => {
		const { next } = await read("?limit=1");
		expect((await read(`?from=2026-08-18&to=2026-08-18&cursor=${String(next)}`)).ids).toEqual([
			"edge-last",
			"edge-b",
			"edge-a",
		]);
	});

	it("shows staff the org they name", async () => {
		expect((await read(`?orgId=${PANNU.id}&limit=1`, STAFF)).ids).toEqual(["session-omega-7"]);
	});

	it("does not show a conversation that names another org's engine", async () => {
		await env.DB.prepare(
			"INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at) VALUES ('crossed', 'org_chadis', 'site_pannu_dental', 'v', '2026-08-20T11:00:00.000Z')",
		).run();
		expect((await read()).ids).toEqual(ALL);
		expect((await read("", member(PANNU))).ids).not.toContain("crossed");
	});

	it("names every parameter that is out of bounds", async () => {
		const cursor = btoa(JSON.stringify(["2026-08-20T10:00:00.000Z", 7])).replaceAll("=", "");
		for (const limit of ["0", "101", "-1", "1e2", "NaN", "1000000"]) {
			const answer = await read(`?limit=${limit}&cursor=${cursor}&engine_id=&from=2026-02-30`);
			expect(answer.status).toBe(422);
			expect(answer.roundTrips).toBe(0);
			expect(withoutRequestId(answer)).toEqual(
				refusal("invalid_request", "Please correct: from, cursor, limit, engine_id.", [
					{ field: "from", message: "must be a day as YYYY-MM-DD, from 2000-01-01" },
					{ field: "cursor", message: "must be the next_cursor of a page" },
					{ field: "limit", message: "must be 1 to 100" },
					{ field: "engine_id", message: "must be given once, with 1 to 100 characters" },
				]),
			);
		}
		expect((await read("?from=2025-01-01&to=2026-08-20")).status).toBe(422);
	});
});
