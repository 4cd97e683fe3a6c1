import { env } from "cloudflare:workers";
import { embedMany, documentText } from "../../../lib/gemini/embed.ts";
import { spaceName } from "../../../lib/knowledge/meaning/space.ts";
import { packVectors } from "../../../lib/knowledge/meaning/vectors.ts";

const LIMIT_MS = 10_000;

/** Gives all that an org has written the vectors that the chat's run would give it. */
export async function embedKnowledge(orgId: string, model = "gemini-embedding-2"): Promise<void> {
	const settings = {
		...{ apiKey: `key-${crypto.randomUUID()}`, baseUrl: "https://generativelanguage.googleapis.com" },
		...{ model, dimensions: 768, timeoutMs: LIMIT_MS, price: 0 },
	};
	const { results } = await env.DB.prepare(
		"SELECT k.id, k.title, p.content FROM knowledge k JOIN knowledge_passages p ON p.knowledge_id = k.id WHERE k.org_id = ?1 ORDER BY k.id, p.position",
	)
		.bind(orgId)
		.all<{ id: string; title: string; content: string }>();
	const vectors = await embedMany(settings, results.map(documentText), LIMIT_MS);
	const byText = new Map<string, number[][]>();
	for (const [index, { id }] of results.entries()) byText.set(id, [...(byText.get(id) ?? []), vectors[index] ?? []]);
	await env.DB.batch([
		env.DB.prepare("DELETE FROM knowledge_vectors WHERE org_id = ?1").bind(orgId),
		...[...byText].map(([id, own]) =>
			env.DB.prepare(
				"INSERT INTO knowledge_vectors (org_id, model, dimensions, knowledge_id, first_position, vectors) VALUES (?1, ?2, 768, ?3, 0, ?4)",
			).bind(orgId, model, id, packVectors(own).join("")),
		),
		env.DB.prepare("UPDATE knowledge SET embedded_by = ?2 WHERE org_id = ?1").bind(orgId, spaceName(settings)),
	]);
}
