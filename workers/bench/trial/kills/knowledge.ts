import { passagesOf } from "../../../lib/knowledge/passages.ts";
import type { Host } from "../host/start.ts";
import type { Finding } from "../parts/trial.ts";
import { WORKERS } from "../soak/client.ts";
import { bearer } from "../soak/world.ts";
import { numberOf } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";

const ORG = "org_pannu_dental";
const ARTICLES = 4;
const PARAGRAPHS = 80;

interface Article {
	id: string;
	/** The last version that a caller was told of. */
	acknowledged: number;
	/** Texts that were sent, by title. */
	sent: Map<string, string>;
}

const articles: Article[] = [];
let texts = 0;
let authorization = "";

function newText(): { kind: string; title: string; body: string } {
	const number = ++texts;
	const body = Array.from(
		{ length: PARAGRAPHS },
		(_, part) =>
			`Text ${number}, part ${part}: ${`word${number}x${part} opening filling crown child `.repeat(9).trim()}`,
	);
	return { kind: "article", title: `Article ${number}`, body: body.join("\n\n") };
}

async function send(host: Host, method: string, path: string, body: object): Promise<Record<string, unknown>> {
	const headers = { "Content-Type": "application/json", Authorization: authorization };
	const url = `${host.urls[WORKERS.portal]}/portal/knowledge${path}`;
	const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
	if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
	const { entry }: Record<string, unknown> = Object(await response.json());
	return Object(entry);
}

/** Writes an article again and again, each time with another text. */
async function rewrite(host: Host, article: Article): Promise<void> {
	for (;;) {
		const text = newText();
		article.sent.set(text.title, text.body);
		article.acknowledged = Number((await send(host, "PUT", `/${article.id}`, text)).version);
	}
}

async function prepare(host: Host, round: number): Promise<void> {
	authorization = await bearer(host, { user_id: `user_kill${round}`, org_id: ORG, org_role: "admin" });
	while (articles.length < ARTICLES) {
		const text = newText();
		const { id, version } = await send(host, "POST", "", text);
		articles.push({ id: String(id), acknowledged: Number(version), sent: new Map([[text.title, text.body]]) });
	}
}

async function work(host: Host): Promise<void> {
	await Promise.allSettled(articles.map((article) => rewrite(host, article)));
}

/** Whether an article is one that was sent, whole, and the search knows it as it is. */
async function isWhole(host: Host, { id, acknowledged, sent }: Article): Promise<boolean> {
	const [row = {}] = await host.sql(`SELECT title, body, version, passages FROM knowledge WHERE id = '${id}'`);
	const title = String(row.title);
	if (sent.get(title) !== row.body || Number(row.version) < acknowledged) return false;
	const expected = passagesOf(title, String(row.body));
	const stored = await host.sql(`
		SELECT p.content, (SELECT json_group_object(t.term, t.weight) FROM knowledge_terms t WHERE t.passage_id = p.id AND t.org_id = '${ORG}') AS terms
		FROM knowledge_passages p WHERE p.knowledge_id = '${id}' ORDER BY p.position`);
	const sorted = (terms: readonly (readonly [string, unknown])[]): string => JSON.stringify([...terms].sort());
	return (
		Number(row.passages) === expected.length &&
		stored.length === expected.length &&
		expected.every(({ content, weights }, position) => {
			const passage = stored[position];
			return (
				passage?.content === content &&
				sorted([...weights]) === sorted(Object.entries(JSON.parse(String(passage.terms))))
			);
		})
	);
}

async function check(host: Host): Promise<Finding[]> {
	const whole = await Promise.all(articles.map((article) => isWhole(host, article)));
	const listed = articles.map(({ id }) => `'${id}'`).join(", ");
	const rows = await numberOf(
		host,
		`SELECT COUNT(*) FROM knowledge_passages p JOIN knowledge k ON k.id = p.knowledge_id WHERE k.org_id = '${ORG}'`,
	);
	return [
		{ promise: "articles", expected: ARTICLES, found: articles.length },
		{
			promise: "articles that are old or new entirely, passages and terms too",
			expected: articles.length,
			found: whole.filter(Boolean).length,
		},
		{
			promise: "knowledge_passages of the org = rows",
			expected: rows,
			found: await numberOf(host, `SELECT knowledge_passages FROM orgs WHERE id = '${ORG}'`),
		},
		{
			promise: "terms without a passage",
			expected: 0,
			found: await numberOf(
				host,
				"SELECT COUNT(*) FROM knowledge_terms t WHERE NOT EXISTS (SELECT 1 FROM knowledge_passages p WHERE p.id = t.passage_id)",
			),
		},
		{
			promise: "lines of the audit log = versions written",
			expected: await numberOf(host, `SELECT SUM(version) FROM knowledge WHERE id IN (${listed})`),
			found: await numberOf(host, `SELECT COUNT(*) FROM audit_log WHERE target IN (${listed})`),
		},
	];
}

/** Articles of eighty passages that are written again and again. */
export const knowledge: Scenario = { name: "knowledge PUTs", spanMs: 1200, prepare, work, check };
