import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** How a question differs from the words of the article that answers it, or that none does. */
export const TYPES = [
	"plain",
	"synonym",
	"typo",
	"other wording",
	"Spanish",
	"follow-up",
	"unanswerable",
	"chit-chat",
] as const;
export type QuestionType = (typeof TYPES)[number];

/** The half that is looked at while the product is made, and the one that is run once at the end. */
export const HALVES = ["seen", "unseen"] as const;
export type Half = (typeof HALVES)[number];

/** Parts the earlier messages of a session. */
const NEXT_MESSAGE = " » ";
/** Parts the sentences of several articles. */
const NEXT_SENTENCE = " // ";
const COLUMNS = 5;

export interface Article {
	id: string;
	title: string;
	body: string;
	/** Where it would stand on the customer's website: by this an answer's sources name it. */
	url: string;
}

/** An article that answers a question. */
interface Expected {
	articleId: string;
	/** Words of the article that hold the answer and stand in no other one: where the model was told them, it was told the answer. */
	sentence: string;
}

export interface Question {
	type: QuestionType;
	/** What the visitor said before in the same session, the oldest first. */
	earlier: string[];
	text: string;
	/** Any of these answers it; none for what nothing answers, and for chit-chat. */
	expected: Expected[];
}

/** A customer's own folder beside this file. */
export function customerNames(): string[] {
	const entries = readdirSync(import.meta.dirname, { withFileTypes: true });
	return entries
		.filter((entry) => entry.isDirectory())
		.map(({ name }) => name)
		.sort();
}

/** A customer's articles, of `articles.md`: a heading has id and title, a line below it is a paragraph. */
export function readArticles(customer: string): Article[] {
	const [, ...blocks] = read(customer, "articles.md").split(/^## /m);
	return blocks.map((block) => {
		const [heading = "", ...lines] = block.split("\n");
		const [id = "", title = ""] = heading.split(" | ");
		const body = lines.filter((line) => line !== "").join("\n\n");
		return { id, title, body, url: `https://${customer}.example/${id}` };
	});
}

/** What stands between two texts, bytes: as the trigger of `orgs.knowledge_bytes` counts it. */
const BETWEEN_BYTES = 16;
const BYTES_PER_TOKEN = 4;

/**
 * Knowledge of a size: a customer's articles in their order, and behind them those of the others, up to the first that makes it too much.
 * @param tokens UTF-8 bytes / 4; undefined = the customer's own, whatever their size
 */
export function knowledgeOf(customer: string, tokens: number | undefined): Article[] {
	const own = readArticles(customer);
	if (tokens === undefined) return own;
	const others = customerNames().filter((name) => name !== customer);
	let room = tokens * BYTES_PER_TOKEN;
	const all = [...own, ...others.flatMap(readArticles)];
	const end = all.findIndex(({ title, body }) => {
		room -= Buffer.byteLength(title + body) + BETWEEN_BYTES;
		return room < 0;
	});
	return end === -1 ? all : all.slice(0, end);
}

/** The questions that this knowledge answers, of those that something answers, and all others. */
export function answeredBy(questions: readonly Question[], articles: readonly Article[]): Question[] {
	const urls = new Set(articles.map(({ id }) => id));
	return questions.filter(
		({ expected }) => expected.length === 0 || expected.some(({ articleId }) => urls.has(articleId)),
	);
}

/**
 * A customer's questions, of the table in `seen.md` or `unseen.md`.
 * @throws {Error} a row is not as its head says
 */
export function readQuestions(customer: string, half: Half): Question[] {
	const rows = read(customer, `${half}.md`)
		.split("\n")
		.filter((line) => line.startsWith("|"));
	return rows.slice(2).map(questionOf);
}

function questionOf(row: string): Question {
	const cells = row.split("|").slice(1, -1);
	const [typeName, earlier, text, articles, sentences] = cells.map((cell) => cell.trim());
	const type = TYPES.find((one) => one === typeName);
	if (cells.length !== COLUMNS || type === undefined || !text) throw new Error(`This is no question: ${row}`);
	const ids = parts(articles, ",");
	const keys = parts(sentences, NEXT_SENTENCE);
	if (ids.length !== keys.length) throw new Error(`Each article needs its sentence: ${row}`);
	return {
		type,
		earlier: parts(earlier, NEXT_MESSAGE),
		text,
		expected: ids.map((articleId, index) => ({ articleId, sentence: keys[index] ?? "" })),
	};
}

function parts(cell: string | undefined, by: string): string[] {
	return (cell ?? "")
		.split(by)
		.map((part) => part.trim())
		.filter((part) => part !== "");
}

function read(customer: string, file: string): string {
	return readFileSync(join(import.meta.dirname, customer, file), "utf8");
}
