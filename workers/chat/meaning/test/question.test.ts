import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { newClient } from "../../test/client.ts";
import { rows, run, watched } from "../../test/tables.ts";
import {
	BY_MEANING,
	INVISIBLE,
	PARKING,
	ask,
	knownClient,
	newLibrary,
	newRunner,
	questionsEmbedded,
} from "./library.ts";

beforeEach(async () => {
	await resetDatabase(env.DB);
	await run("DELETE FROM knowledge");
});

async function embeddedLibrary(...parameters: Parameters<typeof newLibrary>) {
	const library = await newLibrary(...parameters);
	await newRunner().embed();
	return library;
}

describe("a question in other words", () => {
	it("is answered from what means the same, in one round trip before the model and one after", async () => {
		const library = await embeddedLibrary();
		const client = await knownClient(library);
		const { db, trips } = watched();
		const { told, answer } = await ask(client, library, BY_MEANING, { env: { DB: db } });
		expect(told).toContain(INVISIBLE.body);
		expect(answer["finish"]).toBe("stop");
		expect(trips()).toBe(2);
		const [call] = await questionsEmbedded(client);
		expect(call?.body).toEqual({
			content: { parts: [{ text: `task: search result | query: ${BY_MEANING}` }] },
			outputDimensionality: 768,
		});
		expect(await questionsEmbedded(client)).toHaveLength(1);
	});

	it("is found by meaning again from the isolate's memory, of which the database says that it still counts", async () => {
		const library = await embeddedLibrary();
		const client = await knownClient(library);
		for (let n = 0; n < 2; n++) expect((await ask(client, library, BY_MEANING)).told).toContain(INVISIBLE.body);
		await run("DELETE FROM knowledge WHERE id = ?1", library.idOf("invisible"));
		expect((await ask(client, library, BY_MEANING)).told).not.toContain(INVISIBLE.body);
	});

	it("is found by meaning also in a streamed turn that goes on", async () => {
		const library = await embeddedLibrary();
		const client = await knownClient(library);
		const { answer } = await ask(client, library, "Hello");
		const again = { message: BY_MEANING, session_id: answer["session_id"] };
		await client.call({ key: library.siteKey, body: again, headers: { Accept: "text/event-stream" } });
		const told = JSON.stringify((await client.asked()).at(-1)?.body);
		expect(told).toContain(INVISIBLE.body);
		expect(told).toContain("Hello");
	});

	it("costs what is booked with its answer", async () => {
		const library = await embeddedLibrary();
		const cost = async () => (await rows("SELECT SUM(cost_usd_micros) AS cost FROM metrics_daily"))[0]?.["cost"];
		const client = await knownClient(library);
		await client.gemini(
			...Array(2).fill({
				path: "enerateContent",
				reply: { text: "So.", usage: { promptTokenCount: 0, candidatesTokenCount: 0, thoughtsTokenCount: 0 } },
			}),
		);
		await ask(client, library, BY_MEANING);
		expect(await cost()).toBe(
			Math.ceil((Math.ceil(`task: search result | query: ${BY_MEANING}`.length / 3) * 200_000) / 1_000_000),
		);
		const [day] = await rows(
			"SELECT cost_usd_micros FROM usage_daily WHERE org_id = ?1 AND messages = 1",
			library.orgId,
		);
		const [message] = await rows("SELECT cost_usd_micros FROM chat_messages WHERE role = 'assistant'");
		expect(message?.["cost_usd_micros"]).toBe(await cost());
		expect(Number(day?.["cost_usd_micros"])).toBeGreaterThanOrEqual(Number(await cost()));
	});

	it.each([
		["is answered", { reply: { text: "So.", usage: { promptTokenCount: 1000, candidatesTokenCount: 50 } } }, 1],
		["fails", { status: 403 }, 0],
	])("costs its brake what it did cost, the embedding with it, where the turn %s", async (_, fault, answered) => {
		const library = await embeddedLibrary();
		const client = await knownClient(library);
		const day = async () =>
			(await rows("SELECT messages, cost_usd_micros AS cost FROM usage_daily WHERE org_id = ?1", library.orgId))[0];
		const before = await day();
		await client.gemini({ path: "enerateContent", times: 2, ...fault });
		await client.call({ key: library.siteKey, body: { message: BY_MEANING } });
		const after = await day();
		expect(await questionsEmbedded(client)).toHaveLength(1);
		const [{ cost } = {}] = await rows("SELECT SUM(cost_usd_micros) AS cost FROM metrics_daily");
		const ofEmbedding = Math.ceil(
			(Math.ceil(`task: search result | query: ${BY_MEANING}`.length / 3) * 200_000) / 1_000_000,
		);
		expect(after?.["messages"]).toBe(answered);
		expect(Number(after?.["cost"]) - Number(before?.["cost"])).toBe(answered === 1 ? cost : ofEmbedding);
	});

	it("is never compared with vectors of another model", async () => {
		const library = await newLibrary();
		await newRunner().embed({ GEMINI_EMBEDDING_MODEL: "gemini-embedding-001" });
		expect((await ask(await knownClient(library), library, BY_MEANING)).told).not.toContain(INVISIBLE.body);
	});

	it("finds nothing of another customer's", async () => {
		const theirs = await embeddedLibrary();
		const ours = await embeddedLibrary([PARKING]);
		expect((await ask(await knownClient(ours), ours, BY_MEANING)).told).not.toContain(INVISIBLE.body);
		expect((await ask(await knownClient(theirs), theirs, BY_MEANING)).told).toContain(INVISIBLE.body);
	});
});

describe("words alone rank a question", () => {
	it.each([
		["answers with an error", { status: 500 }],
		["is late", { delay_ms: 3000 }],
		["never answers", { hang: true }],
		["sends a page", { replace: "html" }],
		["sends a vector of another length", { body: '{"embedding":{"values":[1,2,3]}}' }],
		["sends zeros", { body: JSON.stringify({ embedding: { values: Array(768).fill(0) } }) }],
	] as const)("when the embedding %s, and the next one does not ask again", async (_, fault) => {
		const library = await embeddedLibrary();
		const client = await knownClient(library);
		await client.gemini({ ...fault, path: ":embedContent", times: 5 });
		const { told, answer } = await ask(client, library, "Is there a garage? Wonky ones?");
		expect(answer["finish"]).toBe("stop");
		expect(told).toContain(PARKING.body);
		expect(told).not.toContain(INVISIBLE.body);
		await ask(client, library, BY_MEANING);
		expect(await questionsEmbedded(client)).toHaveLength(1);
	});

	it("where this isolate has not read the site within 30 s: nothing leaves", async () => {
		const library = await embeddedLibrary();
		const client = newClient();
		expect((await ask(client, library, BY_MEANING)).told).not.toContain(INVISIBLE.body);
		expect(await questionsEmbedded(client)).toEqual([]);
	});

	it("whose origin the site does not admit: nothing leaves, and it is refused", async () => {
		const library = await embeddedLibrary();
		await run(
			`UPDATE portal_sites SET allowed_origins = '["https://good.example"]' WHERE site_key = ?1`,
			library.siteKey,
		);
		const client = await knownClient(library);
		expect((await ask(client, library, BY_MEANING, { origin: "https://bad.example" })).status).toBe(403);
		expect(await questionsEmbedded(client)).toEqual([]);
	});

	it("of a visitor who has not agreed where the org asks for it: nothing leaves until they have", async () => {
		const library = await embeddedLibrary();
		await run("INSERT INTO org_config (org_id, consent) VALUES (?1, 'required')", library.orgId);
		const client = await knownClient(library);
		const config = await client.call({ method: "GET", path: `/config?site_key=${library.siteKey}` });
		const { consent_version: version }: { consent_version: string } = await config.json();
		for (const headers of [{}, { "X-Consent": "0123456789abcdef" }])
			expect((await ask(client, library, BY_MEANING, { headers })).status).toBe(403);
		expect(await questionsEmbedded(client)).toEqual([]);
		const { told } = await ask(client, library, BY_MEANING, { headers: { "X-Consent": version } });
		expect(told).toContain(INVISIBLE.body);
		await run("UPDATE org_config SET greeting = 'Anew' WHERE org_id = ?1", library.orgId);
		await ask(client, library, BY_MEANING, { headers: { "X-Consent": version } });
		expect(await questionsEmbedded(client)).toHaveLength(2);
	});

	it.each([
		["where embeddings are switched off", { GEMINI_EMBEDDING_MODEL: "" }],
		["where the deployment says so", { KNOWLEDGE_RANKING: "words" }],
	])("%s", async (_, vars) => {
		const library = await embeddedLibrary();
		const client = await knownClient(library);
		expect((await ask(client, library, BY_MEANING, { env: vars })).told).not.toContain(INVISIBLE.body);
		expect(await questionsEmbedded(client)).toEqual([]);
	});

	it("of an org whose knowledge goes whole, or has no vectors yet: nothing is spent", async () => {
		const small = await embeddedLibrary([INVISIBLE], 5);
		const unread = await newLibrary();
		const asked = async (library: typeof small) => {
			const client = await knownClient(library);
			const { told } = await ask(client, library, BY_MEANING);
			expect(await questionsEmbedded(client)).toEqual([]);
			return told;
		};
		expect(await asked(unread)).not.toContain(INVISIBLE.body);
		await run("UPDATE plans SET knowledge_whole_tokens = NULL WHERE id = 'chatbot'");
		expect(await asked(small)).toContain(INVISIBLE.body);
	});

	it("of a visitor who asks nothing: nothing is spent", async () => {
		const library = await embeddedLibrary();
		const client = await knownClient(library);
		await ask(client, library, "Thanks!");
		expect(await questionsEmbedded(client)).toEqual([]);
	});

	it("after the org's plan was used up: only the first that was refused asked", async () => {
		const library = await embeddedLibrary();
		await run("UPDATE plans SET monthly_messages = 0 WHERE id = 'chatbot'");
		const client = await knownClient(library);
		for (let n = 0; n < 3; n++) expect((await ask(client, library, BY_MEANING)).status).toBe(429);
		expect(await questionsEmbedded(client)).toHaveLength(1);
	});
});

it("meaning alone ranks where the deployment says so, and a ranking that is none is refused", async () => {
	const library = await embeddedLibrary();
	const client = await knownClient(library);
	const message = "Is there a garage? What of wonky teeth, wonky ones?";
	const byBoth = await ask(client, library, message);
	expect(byBoth.told).toContain(PARKING.body);
	const { told } = await ask(client, library, "Notice 3", { env: { KNOWLEDGE_RANKING: "meaning" } });
	expect(told).toContain("Notice 3 tells");
	expect((await ask(client, library, message, { env: { KNOWLEDGE_RANKING: "stars" } })).status).toBe(503);
});

describe("an org with more than 2,000 passages", () => {
	it("has only those compared that words have found, each with the vector that is its own", async () => {
		const near = {
			id: "near",
			title: "Aligners",
			body: "Notice of aligners, wonky teeth and wonky ones.",
		};
		const library = await embeddedLibrary([INVISIBLE, near], 30);
		await run("UPDATE orgs SET knowledge_passages = 2001 WHERE id = ?1", library.orgId);
		const client = await knownClient(library);
		const { db, trips } = watched();
		const { told } = await ask(client, library, "A notice about wonky ones", { env: { DB: db } });
		expect(told).toContain(near.body);
		// By meaning it would be found, by words it is not.
		expect(told).not.toContain(INVISIBLE.body);
		expect(trips()).toBe(2);
		expect(await questionsEmbedded(client)).toHaveLength(1);
	});
});

it("every query of a turn by meaning finds its rows by a key", async () => {
	const queries: { sql: string; values: unknown[] }[] = [];
	const db = new Proxy(env.DB, {
		get(target, name) {
			if (name !== "prepare") return Reflect.get(target, name).bind(target);
			return (sql: string) => ({
				bind(...values: unknown[]) {
					queries.push({ sql, values });
					return target.prepare(sql).bind(...values);
				},
			});
		},
	});
	const library = await embeddedLibrary();
	const client = await knownClient(library);
	await ask(client, library, BY_MEANING, { env: { DB: db } });
	await run("UPDATE orgs SET knowledge_passages = 2001 WHERE id = ?1", library.orgId);
	await ask(await knownClient(library), library, BY_MEANING, { env: { DB: db } });
	const ours = queries.filter(({ sql }) => sql.includes("knowledge_vectors v"));
	expect(ours).toHaveLength(2);
	for (const { sql, values } of ours) {
		const plan = (await rows(`EXPLAIN QUERY PLAN ${sql}`, ...values)).map(({ detail }) => String(detail));
		const vectors = plan.filter((detail) => /\bv\b/.test(detail));
		expect(vectors.join()).toMatch(
			/^SEARCH v USING INDEX sqlite_autoindex_knowledge_vectors_1 \(org_id=\? AND model=\? AND dimensions=\?/,
		);
		expect(
			plan.filter((detail) =>
				/^SCAN (?![amwlj] VIRTUAL|counted|told|found|\(subquery-|said|q$|asked|miss|meant|near|sought|weighed|ranked|run|letter|\d+ CONSTANT ROWS)/.test(
					detail,
				),
			),
		).toEqual([]);
	}
});
