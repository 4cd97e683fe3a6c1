import { offerLead, showAnswer } from "./answers.ts";
import type { Api } from "./api/api.ts";
import { asFault, mayHaveArrived } from "./api/fault.ts";
import type { Fault } from "./api/fault.ts";
import type { Answer } from "./api/shapes.ts";
import { emit } from "./events.ts";
import { ask, fetchRest } from "./talk/ask.ts";
import type { Later } from "./later/later.ts";
import { questionOf } from "./talk/question.ts";
import type { Line, Question } from "./talk/question.ts";
import type { Tabs } from "./talk/tabs.ts";
import type { Store } from "./store.ts";
import type { View } from "./view/view.ts";
import * as WORDS from "./words.ts";

/** Has questions answered, one at a time. */
export interface Turns {
	ask(text: string): void;
	/** Waits for an answer that the page before did not wait for. @param message the question in the log */
	resume(text: string, answerId: string, message: HTMLElement): void;
	isRunning(): boolean;
	/** Gives up what is being answered; what was read of it stays, and the server records the whole. */
	stop(): void;
	/** The same, and nothing stays. */
	drop(): void;
}

/** What follows from a turn. */
interface Ends {
	/** For consent, which the server takes for none. */
	askAnew(): void;
	/** Null = nobody else is to know. */
	tabs(): Tabs | null;
}

export function createTurns(api: Api, store: Store, view: View, later: Later, ends: Ends): Turns {
	const { log, live } = view;
	/** The question that is being answered; whatever comes for another one comes too late. */
	let running: Question | null = null;
	const line: Line = {
		api,
		store,
		view,
		isWanted: (question) => running === question,
		fetchAnswer: (question) => later.fetchAnswer(line, question),
	};

	/** Nothing is being answered. */
	const rest = (): void => {
		running = null;
		goOn(view);
	};

	async function begin(question: Question, run: () => Promise<Answer | null>): Promise<void> {
		running = question;
		waitFor(view);
		try {
			const answer = await run();
			if (!line.isWanted(question) || answer === null) return;
			question.stump?.remove();
			live.clear();
			rest();
			answered(api, store, view, question.text, answer);
			ends.tabs()?.said(question.text, answer);
		} catch (thrown) {
			if (!line.isWanted(question)) return;
			const fault = asFault(thrown);
			question.stump = keepRead(view) ?? question.stump;
			rest();
			later.showFailed(view, question, fault, () => again(question, fault));
			ends.tabs()?.catchUp();
			if (fault.code === "consent_required") ends.askAnew();
		}
	}

	function again(question: Question, fault: Fault): void {
		view.composer.focus();
		void begin(question, async () => {
			// The server may have taken it all the same, and the answer was paid for.
			const answer = mayHaveArrived(fault) ? await line.fetchAnswer(question) : null;
			if (answer !== null || !line.isWanted(question)) return answer;
			question.abort = new AbortController();
			question.answerId = "";
			question.stump = null;
			return ask(line, question);
		});
	}

	function resume(text: string, answerId: string, message: HTMLElement): void {
		const question = questionOf(view, text, message, answerId);
		void begin(question, () => fetchRest(line, question));
	}

	// The page is left: the server finishes the answer all the same, and the next page shows it, or this one, once it is come back to.
	addEventListener("pagehide", () => running?.abort.abort(), { signal: view.frame.signal });
	const stop = (): void => {
		running?.abort.abort();
		keepRead(view);
		rest();
		view.notice.say(WORDS.stopped);
		ends.tabs()?.catchUp();
	};
	const drop = (): void => {
		live.clear();
		stop();
		view.notice.clear();
	};
	return {
		ask(text) {
			const question = questionOf(view, text, log.addVisitor(text));
			void begin(question, () => ask(line, question));
		},
		resume,
		isRunning: () => running !== null,
		stop,
		drop,
	};
}

function waitFor(view: View): void {
	view.setBusy(true);
	view.notice.whisper(WORDS.sending);
	view.live.wait();
	view.panel.follow(view.live.element, true);
}

function goOn(view: View): void {
	view.live.clear();
	view.notice.clear();
	view.setBusy(false);
}

/** What was read of an answer is not taken from the page. */
function keepRead({ live, log }: View): HTMLElement | null {
	return live.text() === "" ? null : log.addBot(live.text(), [], null);
}

function answered(api: Api, store: Store, view: View, question: string, answer: Answer): void {
	store.keepSession(answer.sessionId);
	if (answer.isHelp) {
		store.keepHelp(answer.text);
		view.banner.show(answer.text);
	}
	const shown = showAnswer(api, store, view, answer, null);
	view.panel.follow(shown);
	if (answer.isUnanswered && offerLead(view, question, shown)) view.notice.whisper(WORDS.leadHint);
	emit("koby:message", {
		role: "assistant",
		text: answer.text,
		...(answer.messageId === "" ? {} : { message_id: answer.messageId }),
	});
}
