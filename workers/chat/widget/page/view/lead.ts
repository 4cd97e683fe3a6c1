import type { LeadFields } from "../api/api.ts";
import { OWN_WORDS, TEXT, el, focusField } from "./dom.ts";
import { Fault } from "../api/fault.ts";
import * as WORDS from "../words.ts";

/** The server's limits. */
const EMAIL_MAX_CHARS = "254";
const NAME_MAX_CHARS = "200";
const MESSAGE_MAX_CHARS = "2000";

/** The form of a visitor who wants to be written to. A conversation is asked once. */
export interface Lead {
	element: HTMLFormElement;
	/** `question` = what the bot could not answer. Whether the form shows now. */
	offer(question: string): boolean;
	/** As the visitor has asked for it, also once more. */
	open(): void;
	/** Makes room for the next question, unless something was filled in. */
	giveWay(): void;
	/** Whom the page says that its visitor is; what the visitor has written themselves stays. */
	prefill(name: string, email: string): void;
	/** A new conversation may be asked anew. */
	forget(): void;
}

/** The form and what of it is used. */
function createForm() {
	const email = el("input", {
		id: "lead-email",
		type: "email",
		required: "",
		autocomplete: "email",
		maxlength: EMAIL_MAX_CHARS,
		dir: "ltr",
		"aria-describedby": "lead-fault",
	});
	const name = el("input", { id: "lead-name", autocomplete: "name", maxlength: NAME_MAX_CHARS, ...TEXT });
	const message = el("textarea", { id: "lead-message", rows: "2", maxlength: MESSAGE_MAX_CHARS, ...TEXT });
	const fault = el("p", { id: "lead-fault", class: "fault", role: "alert", ...TEXT });
	const submit = el("button", { type: "submit", class: "solid" }, WORDS.leadSend);
	const dismiss = el("button", { type: "button", class: "quiet" }, WORDS.leadDismiss);
	const element = el(
		"form",
		{ class: "lead", tabindex: "-1", hidden: "", "aria-labelledby": "lead-title", ...OWN_WORDS },
		el("p", { id: "lead-title", class: "title", ...TEXT }, WORDS.leadTitle),
		el("p", TEXT, WORDS.leadHint),
		...labelled(email, WORDS.leadEmail),
		...labelled(name, `${WORDS.leadName} (${WORDS.optional})`),
		...labelled(message, `${WORDS.leadMessage} (${WORDS.optional})`),
		fault,
		el("div", { class: "buttons" }, submit, dismiss),
	);
	return { email, name, message, fault, submit, dismiss, element };
}

/** `save` sends what was filled in; `onClosed` = the form is gone, with what is to be said about it. */
export function createLead(save: (fields: LeadFields) => Promise<void>, onClosed: (words: string) => void): Lead {
	let isSettled = false;
	const { email, name, message, fault, submit, dismiss, element } = createForm();

	const close = (words: string): void => {
		isSettled = true;
		element.hidden = true;
		onClosed(words);
	};
	const complain = (words: string): void => {
		fault.textContent = words;
		email.setAttribute("aria-invalid", String(words === WORDS.leadInvalid));
	};
	const send = async (): Promise<void> => {
		complain("");
		submit.disabled = true;
		try {
			await save({ email: email.value.trim(), name: name.value.trim(), message: message.value.trim() });
			if (!element.hidden) close(WORDS.leadThanks);
		} catch (thrown) {
			const isInvalid = thrown instanceof Fault && thrown.code === "invalid_request";
			complain(isInvalid ? WORDS.leadInvalid : WORDS.leadFailed);
			if (isInvalid) email.focus();
		} finally {
			submit.disabled = false;
		}
	};
	element.addEventListener("submit", (event) => {
		event.preventDefault();
		if (!submit.disabled) void send();
	});
	dismiss.addEventListener("click", () => close(""));

	const show = (question: string): void => {
		if (element.hidden) message.value = question;
		complain("");
		element.hidden = false;
	};
	return {
		element,
		offer(question) {
			if (!isSettled) show(question);
			return !isSettled;
		},
		open() {
			show("");
			focusField(email, element);
		},
		giveWay() {
			element.hidden ||= email.value === email.defaultValue;
		},
		prefill(given, address) {
			// What a reset leaves in the fields.
			name.defaultValue = given;
			email.defaultValue = address;
		},
		forget() {
			isSettled = false;
			element.hidden = true;
			element.reset();
		},
	};
}

function labelled(field: HTMLElement, words: string): HTMLElement[] {
	return [el("label", { for: field.id, ...TEXT }, words), field];
}
