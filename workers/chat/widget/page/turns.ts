import { showAnswer } from "./answers.ts";
import type { Api } from "./api/api.ts";
import { Fault, asFault, plainWords } from "./api/fault.ts";
import type { Answer } from "./api/shapes.ts";
import { emit } from "./events.ts";
import type { Store } from "./store.ts";
import type { View } from "./view/view.ts";
import * as WORDS from "./words.ts";

/** Has questions answered, one at a time. */
export interface Turns {
	ask(text: string): Promise<void>;
	isRunning(): boolean;
	/** Gives up what is being answered. */
	drop(): void;
}

/** @param askAnew for consent, which the server takes for none */
export function createTurns(api: Api, store: Store, view: View, askAnew: () => void): Turns {
	/** The question that is being answered; whatever comes for another one comes too late. */
	let running: { text: string; abort: AbortController } | null = null;

	/** Nothing is being answered. */
	function rest(): void {
		running = null;
		view.live.clear();
		view.notice.clear();
		view.composer.setBusy(false);
	}

	async function ask(text: string): Promise<void> {
		const question = { text, abort: new AbortController() };
		running = question;
		waitFor(view);
		try {
			for await (const piece of api.ask(text, store.sessionId(), question.abort)) {
				if (running !== question) return;
				if ("sessionId" in piece) store.keepSession(piece.sessionId);
				else if ("text" in piece) view.live.append(piece.text);
				else {
					rest();
					return answered(api, store, view, text, piece.answer);
				}
				view.panel.follow();
			}
		} catch (thrown) {
			if (running !== question) return;
			const fault = asFault(thrown);
			failed(text, fault);
			emit("koby:error", { code: fault.code });
		}
	}

	function failed(question: string, fault: Fault): void {
		const shown = view.live.text();
		rest();
		// What was read of an answer that broke off is not taken from the page; what is wrong stands below it.
		if (shown !== "") view.log.addBot(shown, [], null);
		showFault(store, view, question, fault, () => {
			view.composer.focus();
			void ask(question);
		});
		if (fault.code === "consent_required") askAnew();
	}

	// The page is left. The server finishes the answer all the same, and the next page shows it; what is said here is seen only
	// by a visitor who comes back to this very page.
	const leave = (): void => {
		if (running === null) return;
		const { text, abort } = running;
		abort.abort();
		failed(text, new Fault("broken"));
	};
	addEventListener("pagehide", leave, { signal: view.frame.signal });
	return {
		ask,
		isRunning: () => running !== null,
		drop() {
			running?.abort.abort();
			rest();
		},
	};
}

function waitFor({ composer, live, notice, panel }: View): void {
	composer.setBusy(true);
	notice.whisper(WORDS.sending);
	live.wait();
	panel.follow(true);
}

function answered(api: Api, store: Store, view: View, question: string, answer: Answer): void {
	store.keepSession(answer.sessionId);
	if (answer.isHelp) {
		store.keepHelp(answer.text);
		view.banner.show(answer.text);
	}
	const shown = showAnswer(api, store, view, answer, null);
	view.panel.follow();
	if (answer.isUnanswered && offerLead(view, question, shown)) view.notice.whisper(WORDS.leadHint);
	emit("koby:message", {
		role: "assistant",
		text: answer.text,
		...(answer.messageId === "" ? {} : { message_id: answer.messageId }),
	});
}

function showFault(store: Store, view: View, question: string, fault: Fault, retry: () => void): void {
	const { log, notice, composer, panel } = view;
	const { text, mayRetry } = plainWords(fault);
	notice.say(text, mayRetry ? retry : null);
	if (/^(invalid_request|consent_required)$/.test(fault.code)) {
		// It has to be put differently, or agreed to first.
		log.dropLast();
		composer.giveBack(question);
	}
	panel.follow();
	if (/^(quota_exceeded|budget_exhausted)$/.test(fault.code) && store.sessionId() !== "")
		offerLead(view, question, log.element.lastElementChild);
}

/** Below the message that gave cause for it. */
function offerLead({ lead, panel }: View, question: string, message: Element | null): boolean {
	const isOffered = lead.offer(question);
	if (isOffered && message instanceof HTMLElement) panel.showFrom(message);
	return isOffered;
}
