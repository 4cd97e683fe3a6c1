import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { isObject } from "../../../lib/http/json.ts";
import { knowledgeClient, PATH } from "./knowledge-client.ts";
import type { KnowledgeClient } from "./knowledge-client.ts";
import { createPortal, NOW, refusal } from "../../test/portal.ts";
import { CHADIS, STAFF, member, seedTwins } from "../../test/seed.ts";

let client: KnowledgeClient;

beforeEach(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	client = knowledgeClient(await createPortal());
	await seedTwins(env.DB);
});

const PARKING = {
	id: "kn-alpha-a",
	kind: "article",
	title: "Parking alpha",
	source_url: "https://alpha.example/parking",
	hits: 7,
	version: 2,
	created_at: "2026-08-01T08:00:00.000Z",
	updated_at: "2026-08-19T08:00:00.000Z",
	updated_by: "user_alphaAdmin",
};
const QUESTION = {
	...PARKING,
	id: "kn-alpha-b",
	kind: "answer",
	title: "Are you alpha?",
	source_url: null,
	updated_at: "2026-08-18T08:00:00.000Z",
};

const as = member(CHADIS);

function titles(body: unknown): unknown[] {
	const entries: unknown[] = isObject(body) && Array.isArray(body.entries) ? body.entries : [];
	return entries.map((entry) => (isObject(entry) ? entry.title : undefined));
}

async function add(title: string, updatedAt: string, body = "Body"): Promise<void> {
	await env.DB.prepare(
		"INSERT INTO knowledge (id, org_id, title, body, updated_at) VALUES (?1, 'org_chadis', ?2, ?3, ?4)",
	)
		.bind(`kn-${title.replaceAll(" ", "-")}`, title, body, updatedAt)
		.run();
}

describe("GET /portal/knowledge", () => {
	it("lists articles and answers, the last changed first, without their texts, in one round trip", async () => {
		expect(await client.get("/portal/knowledge", { as })).toEqual({
			status: 200,
			body: {
				entries: [
					{ ...PARKING, excerpt: "Park behind alpha." },
					{ ...QUESTION, excerpt: "We are alpha." },
				],
				next_cursor: null,
				search: { passages: expect.any(Number), by_meaning: "none" },
			},
			etag: expect.any(String),
			roundTrips: 1,
		});
	});

	it("lists nothing for an org that has none", async () => {
		await env.DB.prepare("INSERT INTO orgs (id, name, slug) VALUES ('org_new', 'New', 'new')").run();
		expect(await client.get("/portal/knowledge?orgId=org_new", { as: STAFF })).toMatchObject({
			status: 200,
			body: { entries: [], next_cursor: null, search: { passages: 0, by_meaning: "none" } },
		});
	});

	it.each([
		[12, 0, "none"],
		[12, 3, "all"],
		[2000, 300, "all"],
		[2001, 300, "found_by_words"],
	])("says how %i passages with %i rows of vectors are searched: %s", async (passages, vectors, by_meaning) => {
		await env.DB.prepare("UPDATE orgs SET knowledge_passages = ?1, knowledge_vectors = ?2 WHERE id = ?3")
			.bind(passages, vectors, CHADIS.id)
			.run();
		expect(await client.get("/portal/knowledge", { as })).toMatchObject({ body: { search: { passages, by_meaning } } });
	});

	it("shows the first 160 characters of a long text", async () => {
		await add("Long", "2026-08-20T08:00:00.000Z", `${"😀".repeat(159)}xyz`);
		expect((await client.get("/portal/knowledge?q=Long", { as })).body).toMatchObject({
			entries: [{ excerpt: `${"😀".repeat(159)}x` }],
		});
	});

	it("goes through all pages and shows each entry once, also where many changed at once", async () => {
		for (let n = 0; n < 7; n++) await add(`Same ${n}`, "2026-08-18T08:00:00.000Z");
		const seen: unknown[] = [];
		const sizes: number[] = [];
		for (let query: string | null = "?limit=2"; query !== null; ) {
			const { body } = await client.get(`/portal/knowledge${query}`, { as });
			seen.push(...titles(body));
			sizes.push(titles(body).length);
			query = isObject(body) && typeof body.next_cursor === "string" ? `?limit=2&cursor=${body.next_cursor}` : null;
		}
		expect(sizes).toEqual([2, 2, 2, 2, 1]);
		expect(new Set(seen).size).toBe(9);
		expect(seen[0]).toBe("Parking alpha");
	});

	it("shows one kind", async () => {
		expect(titles((await client.get("/portal/knowledge?kind=article", { as })).body)).toEqual(["Parking alpha"]);
		expect(titles((await client.get("/portal/knowledge?kind=answer", { as })).body)).toEqual(["Are you alpha?"]);
	});

	it("finds titles by what they begin with, in capitals or not, as plain text", async () => {
		await add("100% cotton_wool", "2026-08-20T08:00:00.000Z");
		const find = async (q: string) =>
			titles((await client.get(`/portal/knowledge?q=${encodeURIComponent(q)}`, { as })).body);
		expect(await find("PARK")).toEqual(["Parking alpha"]);
		expect(await find("arking")).toEqual([]);
		expect(await find("100%")).toEqual(["100% cotton_wool"]);
		for (const q of ["%", "_", "*", "' OR 1=1 --", "1000"]) expect(await find(q)).toEqual([]);
	});

	it("names every parameter that is bad", async () => {
		const { status, body } = await client.get("/portal/knowledge?kind=faq&q=&limit=0&cursor=x", { as });
		expect({ status, body }).toEqual({
			status: 422,
			body: refusal("invalid_request", "Please correct: limit, cursor, kind, q.", [
				{ field: "limit", message: "must be 1 to 100" },
				{ field: "cursor", message: "must be the next_cursor of a page" },
				{ field: "kind", message: "must be one of article, answer" },
				{ field: "q", message: "must be given once, with 1 to 100 characters" },
			]),
		});
	});
});

describe("GET /portal/knowledge/{id}", () => {
	it("shows an entry whole, with the tag of its version, in one round trip", async () => {
		expect(await client.get(PATH, { as })).toEqual({
			status: 200,
			body: { entry: { ...PARKING, body: "Park behind alpha." } },
			etag: 'W/"2"',
			roundTrips: 1,
		});
	});

	const NOT_FOUND = {
		status: 404,
		body: refusal("not_found", "There is nothing at this path; check its spelling, and the id in it."),
	};

	it.each(["kn-omega-a", "kn-alpha-c", "KN-ALPHA-A", "kn-alpha-a%00", "a".repeat(65), "x/y", "%27%20OR%201=1", ""])(
		"finds nothing at %j, another's or nobody's",
		async (id) => {
			for (const call of [
				{ as },
				{ method: "PUT", body: { kind: "article", title: "T", body: "B" } },
				{ method: "DELETE" },
			]) {
				const { status, body } = await client.get(`/portal/knowledge/${id}`, call);
				expect({ status, body }).toEqual(NOT_FOUND);
			}
		},
	);

	it("says which methods the paths have", async () => {
		const { status, body } = await client.get(PATH, { method: "PATCH", body: {} });
		expect({ status, body }).toEqual({
			status: 405,
			body: refusal("method_not_allowed", "Use a method that this path answers: GET, PUT, DELETE, HEAD, OPTIONS."),
		});
		const list = await client.get("/portal/knowledge", { method: "DELETE" });
		expect(list.body).toEqual(
			refusal("method_not_allowed", "Use a method that this path answers: GET, POST, HEAD, OPTIONS."),
		);
	});
});
