import type { Answer, StoredMessage } from "../api/shapes.ts";
import type { Kit } from "../later/kit.ts";
import type { Line, Question } from "./question.ts";

/** How long an answer under way is waited for, ms: the model has 20 s. */
const PATIENCE_MS = 30_000;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 8000;

/**
 * Looks in the conversation for an answer that did not come whole, until it is there, the patience ends, or nobody wants it any more:
 * it was paid for.
 * @returns null = it is not there
 */
export async function fetchAnswer({ words }: Kit, line: Line, question: Question): Promise<Answer | null> {
	const { view, store } = line;
	if (view.live.text() !== "") view.notice.say(words.fetching);
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
		return Object(thrown).code === "not_found" ? null : "pending";
	}
}

function find(messages: readonly StoredMessage[], { text, answerId, lastId }: Question): StoredMessage | undefined {
	if (answerId !== "") return messages.find(({ id }) => id === answerId);
	const asked = messages.map((message) => message.isVisitor && message.text === text).lastIndexOf(true);
	const found = messages[asked + 1];
	// The same may have been asked before.
	return asked < 0 || found?.isVisitor || found?.id === lastId ? undefined : found;
}

/** The answer that a conversation which is shown again has, as if it came now. */
function answerIn({ id, text, finish, sources }: StoredMessage): Answer {
	const isHelp = finish === "safety";
	return { text, isHelp, sessionId: "", messageId: id, isUnanswered: finish === "blocked", sources };
}
