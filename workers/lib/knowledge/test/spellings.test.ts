import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../test/database.ts";
import { ranked } from "./knowledge-search.ts";
import { articleStatements } from "./knowledge-samples.ts";

const KEY = "sk_chadis_live_abc123";
const OTHER_KEY = "sk_pannu_live_def456";

const ARTICLES = [
	{ id: "implant", title: "Implants", body: "A titanium implant heals for three months." },
	{ id: "insurance", title: "Insurance", body: "We are in network with Delta Dental." },
	{ id: "invitation", title: "The invitation", body: "It comes by mail on the day of registration." },
	{ id: "pain", title: "Pain", body: "Break through it with ice; a swelling goes down in a day." },
	{ id: "teacher", title: "Teachers", body: "A daughter's teacher answers a questionnaire of her own." },
];

beforeEach(async () => {
	await resetDatabase(env.DB);
	await env.DB.batch(ARTICLES.flatMap((article) => articleStatements(env.DB, "org_chadis", article)));
});

async function found(...messages: string[]): Promise<string[]> {
	return (await ranked(env.DB, KEY, ...messages)).passages.map(({ knowledgeId }) => knowledgeId);
}

async function spellingsOf(term: string): Promise<number> {
	const row = await env.DB.prepare("SELECT COUNT(*) AS n FROM knowledge_spellings WHERE org_id = ?1 AND term = ?2")
		.bind("org_chadis", term)
		.first<{ n: number }>();
	return row?.n ?? -1;
}

describe("a word that no text has", () => {
	it.each([
		["lacks a letter", "inplants or an implnt", "implant"],
		["has one too many", "do you take insurrance", "insurance"],
		["has another one", "is there an inplant", "implant"],
		["has two in each other's place", "my duaghter asked", "teacher"],
		["has a mistyped ending", "where is my invitaton", "invitation"],
		["has another language's ending", "implantes", "implant"],
		["has an accent besides", "ímplnats", "implant"],
	])("is found when it %s", async (_, typed, id) => {
		expect((await found(typed))[0]).toBe(id);
	});

	it.each(["bread", "a drain", "the last sell", "impossible", "delusional", "123456", "invite42"])(
		"is not taken for another: %s",
		async (typed) => {
			expect(await found(typed)).toEqual([]);
		},
	);

	it("is what a later message leans on as well", async () => {
		expect((await found("do you do inplants?", "how long does it take?"))[0]).toBe("implant");
	});

	it("changes nothing of a question whose words are all found", async () => {
		const plain = await ranked(env.DB, KEY, "titanium implant");
		await env.DB.prepare("DELETE FROM knowledge_spellings").run();
		expect(await ranked(env.DB, KEY, "titanium implant")).toEqual(plain);
	});

	it("finds nothing of another org's", async () => {
		expect((await ranked(env.DB, OTHER_KEY, "is there an inplant")).passages).toEqual([]);
	});
});

describe("the spellings of a term", () => {
	it("are one for each letter and one besides, as long as a passage has it", async () => {
		expect(await spellingsOf("implant")).toBe(8);
		await env.DB.batch(
			articleStatements(env.DB, "org_chadis", { id: "more", title: "More", body: "Another implant." }),
		);
		expect(await spellingsOf("implant")).toBe(8);
		await env.DB.prepare("DELETE FROM knowledge WHERE id = 'implant'").run();
		expect(await spellingsOf("implant")).toBe(8);
		expect(await spellingsOf("titanium")).toBe(0);
		await env.DB.prepare("DELETE FROM knowledge WHERE id = 'more'").run();
		expect(await spellingsOf("implant")).toBe(0);
	});

	it("go with a text that is changed by hand", async () => {
		await env.DB.prepare("UPDATE knowledge SET body = 'Zirconia heals.' WHERE id = 'implant'").run();
		expect(await spellingsOf("titanium")).toBe(0);
	});

	it("are kept of no term with a digit, of none that is short and of none that is long", async () => {
		const body = `The abc, b12345 and ${"m".repeat(30)}.`;
		await env.DB.batch(articleStatements(env.DB, "org_chadis", { id: "odd", title: "Odd", body }));
		expect(await spellingsOf("b12345")).toBe(0);
		expect(await spellingsOf("abc")).toBe(0);
		expect(await spellingsOf("m".repeat(30))).toBe(0);
	});
});
