import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { rows, run } from "../../test/tables.ts";
import { embeddedBy, newLibrary, newRunner } from "./library.ts";

beforeEach(async () => {
	await resetDatabase(env.DB);
	await run("DELETE FROM knowledge WHERE org_id IN ('org_chadis', 'org_pannu_dental')");
});
afterEach(() => {
	vi.restoreAllMocks();
});

const MODEL = "gemini-embedding-2/768";
const POISON = { id: "poison", title: "Poison", body: "What the vendor never takes." };

/** The vendor refuses every batch that holds a text with this word. */
function refuse(word: string): void {
	const real = globalThis.fetch;
	vi.spyOn(globalThis, "fetch").mockImplementation((input, init) =>
		typeof init?.body === "string" && init.body.includes(word)
			? Promise.resolve(Response.json({ error: { code: 400, status: "INVALID_ARGUMENT" } }, { status: 400 }))
			: real(input, init),
	);
}

describe("a text that the vendor refuses", () => {
	it("keeps no other of its org waiting, whatever it is sent along with", async () => {
		const library = await newLibrary([POISON], 70);
		refuse("never takes");
		await newRunner().embed();
		const by = await embeddedBy(library);
		expect(by[library.idOf("poison")]).toBe("");
		expect(Object.values(by).filter((model) => model === MODEL)).toHaveLength(70);
	});

	it("is not asked about for ever where it is not the text", async () => {
		await newLibrary([POISON], 70);
		refuse("text");
		await newRunner().embed();
		expect(vi.mocked(globalThis.fetch).mock.calls.length).toBe(10);
		expect(await rows("SELECT COALESCE(SUM(cost_usd_micros), 0) AS spent FROM usage_daily")).toEqual([{ spent: 0 }]);
	});
});

describe("an org whose brake has no room", () => {
	it("keeps no other waiting, however much it has", async () => {
		const libraries = [await newLibrary([], 310), await newLibrary([], 310)];
		// Texts are looked for in the order of their ids.
		const [braked, free] = libraries.sort((one, other) => (one.idOf("") < other.idOf("") ? -1 : 1));
		if (braked === undefined || free === undefined) throw new Error("There are two");
		await run("UPDATE orgs SET daily_budget_usd_micros = 0 WHERE id = ?1", braked.orgId);
		await newRunner().embed();
		expect(new Set(Object.values(await embeddedBy(braked)))).toEqual(new Set([""]));
		expect(new Set(Object.values(await embeddedBy(free)))).toEqual(new Set([MODEL]));
	});
});
