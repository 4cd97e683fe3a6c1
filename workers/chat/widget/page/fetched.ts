import type { Api } from "./api/api.ts";
import { asFault } from "./api/fault.ts";
import { answerIn } from "./api/shapes.ts";
import type { Answer, StoredMessage } from "./api/shapes.ts";

/** How long an answer under way is waited for, ms: the model has 20 s. */
const PATIENCE_MS = 30_000;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 8000;

/** What a conversation knows of a question. */
interface Sought {
	text: string;
	/** "" = not known */
	answerId: string;
	/** Of the last answer that the page had before it. */
	lastId: string;
}

/**
 * Looks in the conversation for an answer that did not come whole, until it is there, the patience ends, or nobody wants it any more:
 * it was paid for.
 * @returns null = it is not there
 */
export async function fetchAnswer(
	api: Api,
	sessionId: string,
	sought: Sought,
	isWanted: () => boolean,
): Promise<Answer | null> {
	const end = Date.now() + PATIENCE_MS;
	for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
		await new Promise((resolve) => setTimeout(resolve, wait));
		if (!isWanted()) return null;
		try {
			const found = find(await api.messages(sessionId), sought);
			if (found?.isPending !== true) return found?.text ? answerIn(found) : null;
		} catch (thrown) {
			// Without a network it goes on looking.
			if (asFault(thrown).code === "not_found") return null;
		}
		if (Date.now() > end) return null;
	}
}

function find(messages: readonly StoredMessage[], { text, answerId, lastId }: Sought): StoredMessage | undefined {
	if (answerId !== "") return messages.find(({ id }) => id === answerId);
	const asked = messages.map((message) => message.isVisitor && message.text === text).lastIndexOf(true);
	const found = messages[asked + 1];
	// The same may have been asked before.
	return asked < 0 || found?.isVisitor || found?.id === lastId ? undefined : found;
}
