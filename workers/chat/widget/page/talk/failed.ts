import { offerLead } from "../answers.ts";
import { plainWords } from "../api/fault.ts";
import type { Fault } from "../api/fault.ts";
import { emit } from "../events.ts";
import type { Question } from "./question.ts";
import { createFailure } from "./failure.ts";
import type { View } from "../view/view.ts";
import * as WORDS from "../words.ts";

/** Shows below a message that it failed, with what can be done about it; one that has to be put differently is given back. */
export function showFailed(view: View, question: Question, fault: Fault, again: () => void): void {
	const { log, notice, panel, lead, composer } = view;
	const { code, retryAfter } = fault;
	const { text, mayRetry, isDown } = plainWords(fault);
	emit("koby:error", { code });
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
	const failure = createFailure(text, {
		retry: mayRetry || isOwnFault ? retry : null,
		seconds: retryAfter,
		leaveMessage: isDown ? lead.open : null,
		onReady: () => notice.whisper(WORDS.mayTryAgain),
	});
	notice.whisper(mayRetry && retryAfter > 0 ? `${text} (${retryAfter})` : text);
	log.element.append(failure);
	panel.follow(failure);
	if (/quota_exceeded$|^budget_exhausted$/.test(code)) offerLead(view, question.text, question.message);
}
