import type { Fault } from "../api/fault.ts";
import type { Kit } from "../later/kit.ts";
import type { Question } from "./question.ts";
import { createFailure } from "./failure.ts";
import { plainWords } from "./plain-words.ts";
import type { View } from "../view/view.ts";

/** Shows below a message that it failed, with what can be done about it; one that has to be put differently is given back. */
export function showFailed(kit: Kit, view: View, question: Question, fault: Fault, again: () => void): void {
	const { log, notice, panel, lead, composer } = view;
	const { code, retryAfter } = fault;
	const { text, mayRetry, isDown } = plainWords(kit.words, fault);
	kit.emit("koby:error", { code });
	const isOwnFault = /^(invalid_request|consent_required)$/.test(code);
	if (isOwnFault && composer.giveBack(question.text)) {
		question.message.remove();
		notice.say(text);
		return;
	}
	const retry = (): void => {
		const { message, stump } = question;
		// Where others were answered meanwhile, its answer will stand below them.
		if (failure.nextElementSibling !== null) log.quietly(() => log.element.append(message, stump ?? ""));
		failure.remove();
		again();
	};
	const failure = createFailure(kit, text, {
		retry: mayRetry || isOwnFault ? retry : null,
		seconds: retryAfter,
		leaveMessage: isDown ? lead.open : null,
		onReady: () => notice.whisper(kit.words.mayTryAgain),
	});
	notice.whisper(mayRetry && retryAfter > 0 ? `${text} (${retryAfter})` : text);
	log.element.append(failure);
	panel.follow(failure);
	if (/quota_exceeded$|^budget_exhausted$/.test(code)) {
		if (lead.offer(question.text)) panel.follow(question.message, true);
	}
}
