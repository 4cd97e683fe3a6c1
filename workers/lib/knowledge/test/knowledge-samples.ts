import type { Article } from "./knowledge-articles.ts";
import { passagesOf } from "../passages.ts";
import { passageStatements } from "../index.ts";

/** The statements that store an article with its passages, as the portal does. */
export function articleStatements(db: D1Database, orgId: string, { id, title, body }: Article): D1PreparedStatement[] {
	const passages = passagesOf(title, body);
	return [
		db
			.prepare("INSERT INTO knowledge (id, org_id, title, body, source_url, passages) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
			.bind(id, orgId, title, body, `https://www.example.com/${id}`, passages.length),
		...passageStatements(db, { orgId, id, title, body }, passages),
	];
}
