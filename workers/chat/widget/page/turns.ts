import { offerLead, showAnswer } from "./answers.ts";
import type { Api } from "./api/api.ts";
import { asFault, plainWords } from "./api/fault.ts";
import type { Fault } from "./api/fault.ts";
import type { Answer } from "./api/shapes.ts";
import { emit } from "./events.ts";
import { fetchAnswer } from "./fetched.ts";
import type { Store } from "./store.ts";
import { createFailure } from "./view/failure.ts";
import type { View } from "./view/view.ts";
import * as WORDS from "./words.ts";

/** Has questions answered, one at a time. */
export interface Turns {
	ask(text: string): void;
	isRunning(): boolean;
	/** Gives up what is being answered; what was read of it stays, and the server records the whole. */
	stop(): void;
	/** The same, and nothing stays. */
	drop(): void;
}

/** A question that is being answered, or was not. */
interface Question {
	text: string;
	abort: AbortController;
	/** As the server names it once it is admitted; "" = not known. */
	answerId: string;
	/** Of the last answer before it. */
	lastId: string;
	/** As it stands in the log. */
	message: HTMLElement;
	/** What was read of its answer, in the log. */
	stump: HTMLElement | null;
}

/** @param askAnew for consent, which the server takes for none */
export function createTurns(api: Api, store: Store, view: View, askAnew: () => void): Turns {
	const { log, live, notice, panel, composer } = view;
	/** The question that is being answered; whatever comes for another one comes too late. */
	let running: Question | null = null;

	const isCurrent = (question: Question): boolean => running === question;

	/** Nothing is being answered. @returns what was read, in the log */
	function rest(): HTMLElement | null {
		const read = live.text();
		running = null;
		live.clear();
		notice.clear();
		view.setBusy(false);
		return read === "" ? null : log.addBot(read, [], null);
	}

	function begin(question: Question): void {
		running = question;
		view.setBusy(true);
		notice.whisper(WORDS.sending);
		live.wait();
		panel.follow(live.element, true);
	}

	async function run(question: Question): Promise<void> {
		try {
			for await (const piece of api.ask(question.text, store.sessionId(), question.abort)) {
				if (!isCurrent(question)) return;
				if ("sessionId" in piece) {
					store.keepSession(piece.sessionId);
					question.answerId = piece.messageId;
				} else if ("text" in piece) live.append(piece.text);
				else return answered(question, piece.answer);
				panel.follow(live.element);
			}
		} catch (thrown) {
			if (!isCurrent(question)) return;
			const fault = asFault(thrown);
			if (fault.code === "broken" && (await resumed(question))) return;
			if (isCurrent(question)) failed(question, fault);
		}
	}

	/** Fetches the answer of a question that the server may have taken. @returns whether it was there; else it can be asked again */
	async function resumed(question: Question): Promise<boolean> {
		if (store.sessionId() === "") return false;
		if (live.text() !== "") notice.say(WORDS.fetching);
		const answer = await fetchAnswer(api, store.sessionId(), question, () => isCurrent(question));
		if (!isCurrent(question) || answer === null) return false;
		question.stump?.remove();
		answered(question, answer);
		return true;
	}

	function answered({ text }: Question, answer: Answer): void {
		live.clear();
		rest();
		showTurn(api, store, view, text, answer);
	}

	function failed(question: Question, fault: Fault): void {
		question.stump = rest() ?? question.stump;
		emit("koby:error", { code: fault.code });
		const { text, mayRetry, isDown } = plainWords(fault);
		const isOwnFault = /^(invalid_request|consent_required)$/.test(fault.code);
		if (isOwnFault && composer.giveBack(question.text)) {
			// It has to be put differently, or agreed to first.
			question.message.remove();
			notice.say(text);
		} else {
			notice.whisper(fault.retryAfter > 0 && mayRetry ? `${text} (${fault.retryAfter})` : text);
			const failure: HTMLElement = createFailure(text, {
				retry: mayRetry || isOwnFault ? () => void again(question, fault, failure) : null,
				seconds: fault.retryAfter,
				leaveMessage: isDown ? view.lead.open : null,
				onReady: () => notice.whisper(WORDS.mayTryAgain),
			});
			log.addFailure(failure);
			panel.follow(failure);
		}
		if (fault.code === "consent_required") askAnew();
		if (/quota_exceeded$|^budget_exhausted$/.test(fault.code)) offerLead(view, question.text, question.message);
	}

	async function again(question: Question, fault: Fault, failure: HTMLElement): Promise<void> {
		if (running !== null) return;
		composer.focus();
		const { message, stump } = question;
		// Others were answered meanwhile: its answer will stand below it.
		if (failure.nextElementSibling !== null)
			log.quietly(() => log.element.append(message, ...(stump === null ? [] : [stump])));
		failure.remove();
		begin(question);
		// What had no answer from the server may have come there all the same.
		if (fault.status === 0 && (await resumed(question))) return;
		if (!isCurrent(question)) return;
		question.abort = new AbortController();
		question.answerId = "";
		await run(question);
	}

	// The page is left: the server finishes the answer all the same, and the next page shows it, or this one, once it is come back to.
	addEventListener("pagehide", () => running?.abort.abort());
	return {
		ask(text) {
			const message = log.addVisitor(text);
			const question = { text, abort: new AbortController(), answerId: "", lastId: log.lastId, message, stump: null };
			begin(question);
			void run(question);
		},
		isRunning: () => running !== null,
		stop() {
			if (running === null) return;
			running.abort.abort();
			rest();
			notice.say(WORDS.stopped);
		},
		drop() {
			running?.abort.abort();
			live.clear();
			rest();
		},
	};
}

function showTurn(api: Api, store: Store, view: View, question: string, answer: Answer): void {
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
