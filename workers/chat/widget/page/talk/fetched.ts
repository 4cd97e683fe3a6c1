import type { Api } from "../api/api.ts";
import { Fault, asFault } from "../api/fault.ts";
import { answerIn } from "../api/shapes.ts";
import type { Answer, StoredMessage } from "../api/shapes.ts";
import type { Question } from "./question.ts";
import type { Store } from "../store.ts";
import type { View } from "../view/view.ts";
import * as WORDS from "../words.ts";

/** How long an answer under way is waited for, ms: the model has 20 s. */
const PATIENCE_MS = 30_000;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 8000;

/** Where answers come from and what of them is shown. */
export interface Line {
	api: Api;
	store: Store;
	view: View;
	/** Somebody still waits for the answer. */
	isWanted(question: Question): boolean;
}

/** Asks, and shows each piece as it comes. @returns null = it is not wanted any more. @throws {Fault} */
export async function ask(line: Line, question: Question): Promise<Answer | null> {
	const { api, store, view } = line;
	try {
		for await (const piece of api.ask(question.text, store.sessionId(), question.abort)) {
			if (!line.isWanted(question)) break;
			if ("answer" in piece) return piece.answer;
			if ("text" in piece) view.live.append(piece.text);
			else {
				store.keepSession(piece.sessionId);
				question.answerId = piece.messageId;
			}
			view.panel.follow(view.live.element);
		}
	} catch (thrown) {
		const fault = asFault(thrown);
		if (fault.code !== "broken") throw fault;
		return fetchRest(line, question);
	}
	return null;
}

/** The same of an answer that must be there. @throws {Fault} broken */
export async function fetchRest(line: Line, question: Question): Promise<Answer> {
	const answer = await fetchAnswer(line, question);
	if (answer === null) throw new Fault("broken");
	return answer;
}

/**
 * Looks in the conversation for an answer that did not come whole, until it is there, the patience ends, or nobody wants it any more:
 * it was paid for.
 * @returns null = it is not there
 */
export async function fetchAnswer(line: Line, question: Question): Promise<Answer | null> {
	const { view, store } = line;
	if (view.live.text() !== "") view.notice.say(WORDS.fetching);
	const end = Date.now() + PATIENCE_MS;
	let wait = FIRST_WAIT_MS;
	while (store.sessionId() !== "" && line.isWanted(question)) {
		await new Promise((resolve) => setTimeout(resolve, wait));
		const found = await look(line, question);
		if (found !== "pending") return found;
		if (Date.now() > end) break;
		wait = Math.min(wait * 2, LONGEST_WAIT_MS);
	}
	return null;
}

async function look({ api, store }: Line, question: Question): Promise<Answer | "pending" | null> {
	try {
		const found = find(await api.messages(store.sessionId()), question);
		if (found?.isPending) return "pending";
		return found?.text ? answerIn(found) : null;
	} catch (thrown) {
		// Without a network it goes on looking.
		return asFault(thrown).code === "not_found" ? null : "pending";
	}
}

function find(messages: readonly StoredMessage[], { text, answerId, lastId }: Question): StoredMessage | undefined {
	if (answerId !== "") return messages.find(({ id }) => id === answerId);
	const asked = messages.map((message) => message.isVisitor && message.text === text).lastIndexOf(true);
	const found = messages[asked + 1];
	// The same may have been asked before.
	return asked < 0 || found?.isVisitor || found?.id === lastId ? undefined : found;
}
