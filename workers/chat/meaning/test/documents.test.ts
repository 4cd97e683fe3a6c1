import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { passagesOf } from "../../../lib/knowledge/passages.ts";
import { passageStatements } from "../../../lib/knowledge/index.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import { rows, run, watched } from "../../test/tables.ts";
import { INVISIBLE, embeddedBy, newLibrary, newRunner } from "./library.ts";

beforeEach(() => resetDatabase(env.DB));

const MODEL = "gemini-embedding-2/768";
const vectorRows = () =>
	rows(
		"SELECT knowledge_id, model, dimensions, first_position, length(vectors) AS chars FROM knowledge_vectors ORDER BY knowledge_id, first_position",
	);
const spent = async () =>
	Number((await rows("SELECT COALESCE(SUM(cost_usd_micros), 0) AS sum FROM usage_daily"))[0]?.["sum"]);
const others = "DELETE FROM knowledge WHERE org_id IN ('org_chadis', 'org_pannu_dental')";

/** The lines that a run logs. */
async function linesOf(work: () => Promise<void>): Promise<Record<string, unknown>[]> {
	const lines: Record<string, unknown>[] = [];
	const spies = (["log", "info", "warn", "error"] as const).map((name) =>
		vi.spyOn(console, name).mockImplementation((line: unknown) => void lines.push(JSON.parse(String(line)))),
	);
	try {
		await work();
	} finally {
		for (const spy of spies) spy.mockRestore();
	}
	return lines;
}

describe("the run of every five minutes", () => {
	it("embeds each passage as its own content with its title, in calls of 100 at most, once", async () => {
		await run(others);
		const library = await newLibrary([INVISIBLE], 149);
		const runner = newRunner();
		await runner.embed();
		const calls = await runner.asked();
		const sizes = calls.map(({ body }) => Object(body).requests.length);
		expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(150);
		expect(Math.max(...sizes)).toBeLessThanOrEqual(100);
		expect(calls.every(({ path }) => path === "/v1beta/models/gemini-embedding-2:batchEmbedContents")).toBe(true);
		expect(calls.flatMap(({ body }) => Object(body).requests)).toContainEqual({
			model: "models/gemini-embedding-2",
			content: { parts: [{ text: `title: ${INVISIBLE.title} | text: ${INVISIBLE.body}` }] },
			outputDimensionality: 768,
		});
		expect(new Set(Object.values(await embeddedBy(library)))).toEqual(new Set([MODEL]));
		expect(await vectorRows()).toHaveLength(150);
		expect(await rows("SELECT knowledge_vectors FROM orgs WHERE id = ?1", library.orgId)).toEqual([
			{ knowledge_vectors: 150 },
		]);
		await runner.embed();
		expect(await runner.asked()).toHaveLength(calls.length);
	});

	it("packs a long text in rows of at most 60,000 characters, none of them leaving a passage out", async () => {
		const body = Array.from({ length: 130 }, (_, n) => `${"A sentence of this. ".repeat(30)}End ${n}.`).join("\n\n");
		const library = await newLibrary([{ id: "long", title: "Long", body }], 0);
		await newRunner().embed();
		const id = library.idOf("long");
		const stored = (await vectorRows()).filter(({ knowledge_id }) => knowledge_id === id);
		expect(stored.map(({ first_position }) => first_position)).toEqual([0, 58, 116]);
		expect(stored.map(({ chars }) => Number(chars) / 1032)).toEqual([58, 58, passagesOf("Long", body).length - 116]);
	});

	it("embeds nothing of an org whose knowledge is shown whole, until it is more", async () => {
		await run(others);
		const library = await newLibrary();
		await run("UPDATE plans SET knowledge_whole_tokens = NULL WHERE id = 'chatbot'");
		const runner = newRunner();
		await runner.embed();
		expect(await runner.asked()).toEqual([]);
		expect(await vectorRows()).toEqual([]);
		await runner.embed({ KNOWLEDGE_WHOLE_TOKENS: "1" });
		expect(new Set(Object.values(await embeddedBy(library)))).toEqual(new Set([MODEL]));
	});

	it("embeds nothing of an org that is being erased", async () => {
		await run(others);
		const library = await newLibrary();
		await run("UPDATE orgs SET erasure_id = 'gone' WHERE id = ?1", library.orgId);
		const runner = newRunner();
		await runner.embed();
		expect(await runner.asked()).toEqual([]);
	});

	it("books what it costs on the org's day, and in the deployment's", async () => {
		await newLibrary();
		await newRunner().embed();
		expect(await spent()).toBeGreaterThan(0);
		expect(await rows("SELECT cost_usd_micros FROM usage_deployment")).toEqual([{ cost_usd_micros: await spent() }]);
	});

	it("spends nothing for an org whose brake has no room, and goes on with the others", async () => {
		await run(others);
		const [braked, free] = [await newLibrary(), await newLibrary()];
		await run("UPDATE orgs SET daily_budget_usd_micros = 0 WHERE id = ?1", braked.orgId);
		const runner = newRunner();
		const lines = await linesOf(() => runner.embed());
		expect(new Set(Object.values(await embeddedBy(braked)))).toEqual(new Set([""]));
		expect(new Set(Object.values(await embeddedBy(free)))).toEqual(new Set([MODEL]));
		expect(lines).toEqual([expect.objectContaining({ event: "knowledge_embedded", texts: 22, orgs_at_brake: 1 })]);
		await newRunner().embed({ DAILY_BUDGET_USD_MICROS: "0" });
	});

	it("takes the vectors of a text that was changed away, whoever changed it, and embeds it anew", async () => {
		const library = await newLibrary();
		const id = library.idOf("invisible");
		const runner = newRunner();
		await runner.embed();
		const version = async () =>
			(await rows("SELECT knowledge_version FROM orgs WHERE id = ?1", library.orgId))[0]?.["knowledge_version"];
		const before = await version();
		await run("UPDATE knowledge SET body = 'Something else.' WHERE id = ?1", id);
		expect((await vectorRows()).filter(({ knowledge_id }) => knowledge_id === id)).toEqual([]);
		expect((await embeddedBy(library))[id]).toBe("");
		expect(await version()).toBeGreaterThan(Number(before));
		const text = { orgId: library.orgId, id, title: INVISIBLE.title, body: "Something else." };
		await env.DB.batch([
			env.DB.prepare("UPDATE knowledge SET passages = 1 WHERE id = ?1").bind(id),
			...passageStatements(env.DB, text, passagesOf(text.title, text.body)),
		]);
		await runner.embed();
		expect((await embeddedBy(library))[id]).toBe(MODEL);
		expect(JSON.stringify((await runner.asked()).at(-1)?.body)).toContain("Something else.");
	});

	it("leaves no vector of what is deleted, nor of an org that is", async () => {
		const library = await newLibrary();
		await newRunner().embed();
		await run("DELETE FROM knowledge WHERE id = ?1", library.idOf("parking"));
		expect(await rows("SELECT knowledge_vectors FROM orgs WHERE id = ?1", library.orgId)).toEqual([
			{ knowledge_vectors: 21 },
		]);
		await run("DELETE FROM orgs WHERE id = ?1", library.orgId);
		expect(
			(await vectorRows()).filter(({ knowledge_id }) => String(knowledge_id).startsWith(library.idOf(""))),
		).toEqual([]);
	});

	it("stores nothing of a text that was changed while the vendor was asked", async () => {
		const library = await newLibrary([INVISIBLE], 0);
		const id = library.idOf("invisible");
		await run(others);
		// Batches: what is pending, its texts, the reservation, the vectors.
		const { db } = watched((n) =>
			n === 4 ? run("UPDATE knowledge SET title = 'Other' WHERE id = ?1", id) : undefined,
		);
		await newRunner().embed({ DB: db });
		expect(await vectorRows()).toEqual([]);
		expect((await embeddedBy(library))[id]).toBe("");
	});

	it("embeds all anew after a change of model, and keeps nothing of the old one", async () => {
		const library = await newLibrary();
		await newRunner().embed();
		await newRunner().embed({ GEMINI_EMBEDDING_MODEL: "gemini-embedding-001", GEMINI_EMBEDDING_DIMENSIONS: "256" });
		expect(new Set(Object.values(await embeddedBy(library)))).toEqual(new Set(["gemini-embedding-001/256"]));
		expect(
			new Set((await vectorRows()).map(({ model, dimensions, chars }) => `${model} ${dimensions} ${chars}`)),
		).toEqual(new Set(["gemini-embedding-001 256 348"]));
	});

	it.each([
		["is busy", { status: 503 }, "503 UNAVAILABLE"],
		["has no quota left", { status: 429 }, "429 RESOURCE_EXHAUSTED"],
		["refuses the key", { status: 400, code: "API_KEY_INVALID" }, "400 INVALID_ARGUMENT API_KEY_INVALID"],
		["drops the connection", { reset: true }, "network"],
		["sends garbage", { replace: "garbage", times: 10 }, "malformed"],
		["sends fewer vectors", { body: '{"embeddings":[{"values":[1]}]}', times: 10 }, "malformed"],
		[
			"sends vectors of another length",
			{ body: JSON.stringify({ embeddings: Array(22).fill({ values: [1, 2] }) }), times: 10 },
			"malformed",
		],
	] as const)(
		"leaves all for the next run when the vendor %s, gives the cost back, and says so without its words",
		async (_, fault, reason) => {
			await run(others);
			const library = await newLibrary();
			const runner = newRunner();
			await runner.vendor(fault);
			const lines = await linesOf(() => runner.embed());
			expect(lines).toEqual([expect.objectContaining({ event: "knowledge_not_embedded", reason, texts: 0 })]);
			expect(await spent()).toBe(0);
			expect(await vectorRows()).toEqual([]);
			await runner.embed();
			expect(new Set(Object.values(await embeddedBy(library)))).toEqual(new Set([MODEL]));
		},
	);

	it("asks nobody where embeddings are switched off, or there is no key", async () => {
		await newLibrary();
		const runner = newRunner();
		await runner.embed({ GEMINI_EMBEDDING_MODEL: " " });
		await runner.embed({ GEMINI_API_KEY: "" });
		expect(await runner.asked()).toEqual([]);
		expect(await vectorRows()).toEqual([]);
	});

	it("finds what is pending by index alone", async () => {
		const plans: string[] = [];
		const db = new Proxy(env.DB, {
			get(target, name) {
				if (name !== "prepare") return Reflect.get(target, name).bind(target);
				return (sql: string) => {
					plans.push(sql);
					return target.prepare(sql);
				};
			},
		});
		await newLibrary();
		await newRunner().embed({ DB: db });
		expect(plans.length).toBeGreaterThanOrEqual(6);
		for (const sql of plans) {
			const numbers = new Set(sql.match(/\?\d+/g)).size;
			const plan = await rows(`EXPLAIN QUERY PLAN ${sql}`, ...Array(numbers).fill("[]"));
			const slow = plan
				.map(({ detail }) => String(detail))
				.filter((detail) => /^SCAN (?!listed|run|p$|json_each|\(subquery)|TEMP B-TREE/.test(detail));
			expect(slow, sql).toEqual([]);
		}
	});
});
