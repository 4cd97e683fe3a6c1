import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { articleStatements } from "../../../lib/knowledge/test/knowledge-samples.ts";
import { callsOf, setFaults } from "../../../local/stand-ins/control.ts";
import type { Call as VendorCall, Fault } from "../../../local/stand-ins/wire.ts";
import worker from "../../index.ts";
import { newClient } from "../../test/client.ts";
import type { Client } from "../../test/client.ts";
import { rows, run } from "../../test/tables.ts";

/** What the words of a question below do not lead to. */
export const INVISIBLE = {
	id: "invisible",
	title: "Clear trays",
	body: "We offer aligners for adults, which take six to eighteen months.",
};
export const PARKING = {
	id: "parking",
	title: "Arriving",
	body: "A garage stands behind the building, and it is free for patients.",
};
/** By meaning it finds INVISIBLE, by words nothing. */
export const BY_MEANING = "What of wonky ones?";

/** A customer of its own, whose vectors and site nothing remembers from another test. */
export interface Library {
	orgId: string;
	siteKey: string;
	/** One of its texts, by the name it was added under. */
	idOf(name: string): string;
}

/** An org with a site and so many filler texts, of a passage each, beside those that are given. */
export async function newLibrary(
	articles: readonly { id: string; title: string; body: string }[] = [INVISIBLE, PARKING],
	fillers = 20,
): Promise<Library> {
	const name = crypto.randomUUID().slice(0, 8);
	const orgId = `org_${name}`;
	const siteKey = `sk_${name}_live_abc123`;
	await run("INSERT INTO orgs (id, name, slug, plan) VALUES (?1, 'Library', ?2, 'chatbot')", orgId, name);
	// None of it is shown whole.
	await run("UPDATE plans SET knowledge_whole_tokens = 0 WHERE id = 'chatbot'");
	await run(
		"INSERT INTO portal_sites (id, org_id, site_key, name) VALUES (?1, ?2, ?3, 'Bot')",
		`site_${name}`,
		orgId,
		siteKey,
	);
	const idOf = (article: string) => `${name}_${article}`;
	const filler = Array.from({ length: fillers }, (_, n) => ({
		id: `filler${n}`,
		title: `Notice ${n}`,
		body: `Notice ${n} tells of matter${n} and subject${n}, as topic${n} demands.`,
	}));
	const all = [...articles, ...filler].map((article) => ({ ...article, id: idOf(article.id) }));
	for (let first = 0; first < all.length; first += 50)
		await env.DB.batch(all.slice(first, first + 50).flatMap((article) => articleStatements(env.DB, orgId, article)));
	return { orgId, siteKey, idOf };
}

/** What a run asks the vendor with: a key of its own, whose faults and calls are its alone. */
export interface Runner {
	/** The run of every five minutes. @param vars laid over the worker's bindings */
	embed(vars?: { [Name in keyof Env]?: unknown }): Promise<void>;
	vendor(...faults: Fault[]): Promise<void>;
	asked(): Promise<VendorCall[]>;
}

export function newRunner(): Runner {
	const key = `key-${crypto.randomUUID()}`;
	return {
		async embed(vars = {}) {
			const bindings: Env = Object.assign({}, env, { GEMINI_API_KEY: key }, vars);
			const controller = createScheduledController({ scheduledTime: Date.now(), cron: "*/5 * * * *" });
			await worker.scheduled(controller, bindings);
		},
		vendor: (...faults) => setFaults(key, ...faults),
		asked: () => callsOf(key),
	};
}

/** One turn: its answer, and what the model was told. */
export async function ask(client: Client, library: Library, message: string, more: object = {}) {
	const response = await client.call({ key: library.siteKey, body: { message }, ...more });
	const answer: Record<string, unknown> = await response.json();
	const calls = (await client.asked()).filter(({ path }) => path.includes("enerateContent"));
	return { status: response.status, answer, told: JSON.stringify(calls.at(-1)?.body ?? null) };
}

/** A client whose isolate has read the site a moment ago. */
export async function knownClient(library: Library): Promise<Client> {
	const client = newClient();
	await client.call({ method: "GET", path: `/config?site_key=${library.siteKey}` });
	return client;
}

/** The texts of a library with the model that has embedded each. */
export async function embeddedBy(library: Library): Promise<Record<string, unknown>> {
	const found = await rows("SELECT id, embedded_by FROM knowledge WHERE org_id = ?1", library.orgId);
	return Object.fromEntries(found.map(({ id, embedded_by }) => [String(id), embedded_by]));
}

/** The calls that embedded a question. */
export async function questionsEmbedded(client: Client): Promise<VendorCall[]> {
	return (await client.asked()).filter(({ path }) => path.endsWith(":embedContent"));
}
