import { isObject } from "../../../lib/http/json.ts";
import { passagesOf } from "../../../lib/knowledge/passages.ts";
import type { Article, Question } from "./data.ts";
import type { Exchange } from "./recorder.ts";
import type { Workers } from "./workers.ts";

/** What the model is told to begin with where it does not know. */
const UNANSWERED_MARKER = "[?]";
/** Put before a site's first question, so that this isolate has seen the site, as it has behind a visitor's opened widget. */
const WARM_UP = "Hello";

/** A customer of the evaluation whose articles are in the portal. */
export interface Org {
	customer: string;
	siteKey: string;
	articles: readonly Article[];
}

/** What became of a question. */
export interface Outcome {
	customer: string;
	question: Question;
	/** A sentence that answers it was in what the model was told. */
	isShown: boolean;
	/** The place of the first right article among the sources, from 1; null = it is not among them. */
	rank: number | null;
	sources: number;
	/** As the chat says it; "error" and the status where there is no answer. */
	finish: string;
	/** The model's text began with the unanswered marker. */
	isMarked: boolean;
	/** UTF-16 units of passages that the model was shown, titles included. */
	passageChars: number;
	/** UTF-16 units of all that the model was told. */
	promptChars: number;
	/** From the request to the end of the whole answer. */
	ms: number;
}

/** Makes an org with one site and writes its articles by the portal's API. @throws {Error} the portal takes one of them not */
export async function makeOrg({ client, sql }: Workers, customer: string, articles: readonly Article[]): Promise<Org> {
	const id = `org_eval_${customer}`;
	const siteKey = `sk_eval_live_${customer}`;
	await sql(
		`INSERT INTO orgs (id, name, slug, plan) VALUES ('${id}', 'Evaluation ${customer}', 'eval-${customer}', 'enterprise')`,
	);
	await sql(
		`INSERT INTO portal_sites (id, org_id, site_key, name, type) VALUES ('site_eval_${customer}', '${id}', '${siteKey}', 'Chat', 'chatbot')`,
	);
	const admin = await client.bearer(`role=admin&org=${id}`);
	for (const { title, body, url } of articles) {
		const entry = { kind: "article", title, body, source_url: url };
		const response = await client.post("/portal/knowledge", entry, admin);
		if (response.status !== 201)
			throw new Error(`The portal answered ${response.status} to ${title}: ${await response.text()}`);
	}
	return { customer, siteKey, articles };
}

export async function warmUp(workers: Workers, org: Org): Promise<void> {
	await send(workers, org, { message: WARM_UP, visitor_id: "warm-up" });
}

/** Asks a question as a visitor of its own does, with what was said before it in the same session. */
export async function ask(workers: Workers, org: Org, question: Question, number: number): Promise<Outcome> {
	const visitor = { visitor_id: `eval-${number}` };
	let session: Record<string, string> = {};
	for (const message of question.earlier) {
		const { answer } = await send(workers, org, { message, ...visitor, ...session });
		if (typeof answer.session_id !== "string")
			throw new Error(`"${message}" was not answered: no session to go on with.`);
		session = { session_id: answer.session_id };
	}
	const sent = await send(workers, org, { message: question.text, ...visitor, ...session });
	return outcomeOf(org, question, sent);
}

interface Sent {
	status: number;
	answer: Record<string, unknown>;
	exchanges: Exchange[];
	ms: number;
}

async function send(workers: Workers, { siteKey }: Org, body: Record<string, string>): Promise<Sent> {
	workers.exchanges();
	const began = performance.now();
	const response = await workers.client.post("/chat/", body, { "X-Site-Key": siteKey });
	const answer: unknown = await response.json();
	const ms = performance.now() - began;
	await workers.settle();
	return { status: response.status, answer: isObject(answer) ? answer : {}, exchanges: workers.exchanges(), ms };
}

function outcomeOf({ customer, articles }: Org, question: Question, { status, answer, exchanges, ms }: Sent): Outcome {
	// Where the first model failed the fallback was told the same.
	const { instructions, reply } = exchanges.at(-1) ?? { instructions: "", reply: "" };
	const urls = sourceUrls(answer.sources);
	const right = new Set(question.expected.map(({ articleId }) => articles.find(({ id }) => id === articleId)?.url));
	const place = urls.findIndex((url) => typeof url === "string" && right.has(url));
	return {
		customer,
		question,
		isShown: question.expected.some(({ sentence }) => instructions.includes(sentence)),
		rank: place === -1 ? null : place + 1,
		sources: urls.length,
		finish: status === 200 ? String(answer.finish) : `error ${status}`,
		isMarked: reply.trimStart().startsWith(UNANSWERED_MARKER),
		passageChars: shownChars(articles, instructions),
		promptChars: instructions.length,
		ms,
	};
}

function sourceUrls(sources: unknown): unknown[] {
	return Array.isArray(sources) ? sources.map((source) => (isObject(source) ? source.url : undefined)) : [];
}

/** Passages are shown word for word, so they are found in what was told however it is laid out. */
function shownChars(articles: readonly Article[], instructions: string): number {
	let chars = 0;
	for (const { title, body } of articles) {
		for (const { content } of passagesOf(title, body)) {
			if (instructions.includes(content)) chars += title.length + content.length;
		}
	}
	return chars;
}
