import { Fault, asFault } from "../api/fault.ts";
import type { Answer } from "../api/shapes.ts";
import type { Line, Question } from "./question.ts";

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
	const answer = await line.fetchAnswer(question);
	if (answer === null) throw new Fault("broken");
	return answer;
}
