import type { Api, LeadFields } from "./api/api.ts";
import { createComposer } from "./view/composer.ts";
import { emit } from "./events.ts";
import { Fault, plainWords } from "./api/fault.ts";
import { mount } from "./view/frame.ts";
import { createLead } from "./view/lead.ts";
import { createLive } from "./view/live.ts";
import { createLog } from "./view/log.ts";
import { createNotice } from "./view/notice.ts";
import { createPanel } from "./view/panel.ts";
import { ratingButtons } from "./view/rating.ts";
import type { Answer, Config, Rating } from "./api/shapes.ts";
import { createStarters } from "./view/starters.ts";
import type { Store } from "./store.ts";
import { WORDS } from "./words.ts";

/** An answer can be rated once it is recorded, a moment after it was given, ms. */
const RECORDED_MS = 1500;

/** What the page may do with the chat. */
export interface Chat {
	open(): void;
	close(): void;
	reset(): void;
}

/** Shows the chat on the page and leads the conversation. */
export function startChat(api: Api, store: Store, config: Config): Chat {
	/** The question that is being answered; whatever comes for another one comes too late. */
	let running: { text: string; abort: AbortController } | null = null;
	let isRestored = false;

	const log = createLog();
	const live = createLive();
	const notice = createNotice();
	const starters = createStarters(config.suggestedQuestions, (question) => {
		composer.focus();
		if (running === null) send(question);
	});
	const composer = createComposer(send, () => notice.say(WORDS.tooLong));
	const lead = createLead(
		(fields: LeadFields) => api.lead(store.sessionId(), fields),
		(words) => {
			notice.say(words);
			composer.focus();
		},
	);
	const parts = {
		conversation: [log.element, live.element, starters, lead.element],
		notice: notice.element,
		composer: composer.element,
	};
	const panel = createPanel(config, parts, reset, () => frame.close());
	greet();
	const frame = mount(config, panel.element, () => {
		composer.focus();
		panel.follow(true);
		void restore();
	});
	// Seen only by a visitor who comes back to this very page.
	addEventListener("pagehide", interrupt);

	function greet(): void {
		log.clear();
		if (config.greeting !== "") log.addBot(config.greeting, [], null);
		starters.hidden = config.suggestedQuestions.length === 0;
	}

	function send(text: string): void {
		starters.hidden = true;
		lead.giveWay();
		isRestored = true;
		log.addVisitor(text);
		emit("koby:message", { role: "user", text });
		void ask(text);
	}

	async function ask(text: string): Promise<void> {
		const question = { text, abort: new AbortController() };
		running = question;
		composer.setBusy(true);
		notice.whisper(WORDS.sending);
		live.wait();
		panel.follow(true);
		try {
			for await (const piece of api.ask(text, store.sessionId(), question.abort)) {
				if (running !== question) return;
				if ("sessionId" in piece) store.keepSession(piece.sessionId);
				else if ("text" in piece) live.append(piece.text);
				else return answered(text, piece.answer);
				panel.follow();
			}
		} catch (thrown) {
			if (running !== question) return;
			const fault = thrown instanceof Fault ? thrown : new Fault("broken");
			failed(text, fault);
			emit("koby:error", { code: fault.code });
		}
	}

	function answered(question: string, answer: Answer): void {
		rest();
		if (answer.sessionId !== "") store.keepSession(answer.sessionId);
		const shown = addAnswer(answer, null);
		panel.follow();
		if (answer.isUnanswered && offerLead(question, shown)) notice.whisper(WORDS.leadHint);
		emit("koby:message", {
			role: "assistant",
			text: answer.text,
			...(answer.messageId === "" ? {} : { message_id: answer.messageId }),
		});
	}

	function failed(question: string, fault: Fault): void {
		rest();
		const { text, mayRetry } = plainWords(fault);
		const retry = (): void => {
			composer.focus();
			void ask(question);
		};
		notice.say(text, mayRetry ? retry : null);
		if (fault.code === "invalid_request") {
			// It has to be put differently.
			log.dropLast();
			composer.giveBack(question);
		}
		panel.follow();
		if (fault.code === "quota_exceeded" && store.sessionId() !== "") offerLead(question, log.element.lastElementChild);
	}

	/** Below the message that gave cause for it. */
	function offerLead(question: string, message: Element | null): boolean {
		const isOffered = lead.offer(question);
		if (isOffered && message instanceof HTMLElement) panel.showFrom(message);
		return isOffered;
	}

	/** Nothing is being answered. */
	function rest(): void {
		running = null;
		live.clear();
		notice.clear();
		composer.setBusy(false);
	}

	/** The page is left. The server finishes the answer all the same, and the next page shows it. */
	function interrupt(): void {
		if (running === null) return;
		const { text, abort } = running;
		abort.abort();
		failed(text, new Fault("broken"));
	}

	function addAnswer(
		{ text, messageId, sources }: Pick<Answer, "text" | "messageId" | "sources">,
		rating: Rating,
	): HTMLElement {
		const sessionId = store.sessionId();
		return log.addBot(
			text,
			sources,
			messageId === "" ? null : ratingButtons(rating, (next) => rate(sessionId, messageId, next)),
		);
	}

	async function rate(sessionId: string, messageId: string, rating: Rating): Promise<void> {
		try {
			await api.rate(sessionId, messageId, rating).catch(async (thrown: unknown) => {
				if (!(thrown instanceof Fault && thrown.code === "not_found")) throw thrown;
				await new Promise((resolve) => setTimeout(resolve, RECORDED_MS));
				await api.rate(sessionId, messageId, rating);
			});
		} catch (thrown) {
			notice.say(WORDS.ratingFailed);
			throw thrown;
		}
	}

	/** Shows the conversation of the page before, unless it is shown or this page has gone on with it. */
	async function restore(): Promise<void> {
		const sessionId = store.sessionId();
		if (isRestored || sessionId === "" || running !== null) return;
		isRestored = true;
		starters.hidden = true;
		composer.setBusy(true);
		try {
			const messages = await api.messages(sessionId);
			if (store.sessionId() !== sessionId) return;
			log.quietly(() => {
				for (const { id, isVisitor, text, rating } of messages) {
					if (isVisitor) log.addVisitor(text);
					else addAnswer({ text, messageId: id, sources: [] }, rating);
				}
			});
			panel.follow(true);
		} catch (thrown) {
			if (store.sessionId() !== sessionId) return;
			if (thrown instanceof Fault && thrown.code === "not_found") store.keepSession("");
			else isRestored = false;
			starters.hidden = config.suggestedQuestions.length === 0;
		}
		composer.setBusy(false);
	}

	function reset(): void {
		running?.abort.abort();
		rest();
		lead.forget();
		const sessionId = store.sessionId();
		store.keepSession("");
		// Where this fails the old one ends by itself, and no message of this page goes on with it.
		if (sessionId !== "") api.end(sessionId).catch(() => undefined);
		log.quietly(greet);
		if (frame.isOpen()) composer.focus();
	}

	return { open: frame.open, close: frame.close, reset };
}
