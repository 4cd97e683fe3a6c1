import type { LeadFields } from "../api/api.ts";
import type { Kit } from "../later/kit.ts";
import css from "./form.css";

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

/** Whose direction is that of what stands in it. */
const TEXT = { dir: "auto" } as const;

/** The form and what of it is used. */
function createForm({ el, lang, words }: Kit) {
	const labelled = (field: HTMLElement, label: string): HTMLElement[] => [
		el("label", { for: field.id, ...TEXT }, label),
		field,
	];
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
	const submit = el("button", { type: "submit", class: "solid" }, words.leadSend);
	const dismiss = el("button", { type: "button", class: "quiet" }, words.leadDismiss);
	const element = el(
		"form",
		{ class: "lead", tabindex: "-1", hidden: "", "aria-labelledby": "lead-title", lang },
		el("p", { id: "lead-title", class: "title", ...TEXT }, words.leadTitle),
		el("p", TEXT, words.leadHint),
		...labelled(email, words.leadEmail),
		...labelled(name, `${words.leadName} (${words.optional})`),
		...labelled(message, `${words.leadMessage} (${words.optional})`),
		fault,
		el("div", { class: "buttons" }, submit, dismiss),
	);
	return { email, name, message, fault, submit, dismiss, element };
}

/** `save` sends what was filled in; `onClosed` = the form is gone, with what is to be said about it. */
export function createLead(
	kit: Kit,
	save: (fields: LeadFields) => Promise<void>,
	onClosed: (words: string) => void,
): Lead {
	let isSettled = false;
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(css);
	kit.shadow.adoptedStyleSheets = [...kit.shadow.adoptedStyleSheets, sheet];
	const { leadThanks: thanks, leadInvalid: invalid, leadFailed: failed } = kit.words;
	const { email, name, message, fault, submit, dismiss, element } = createForm(kit);

	const close = (words: string): void => {
		isSettled = true;
		element.hidden = true;
		onClosed(words);
	};
	const complain = (words: string): void => {
		// Where it is seen: the field that is at fault has the focus, and else the button below.
		(words === invalid ? email : message).after(fault);
		fault.textContent = words;
		email.setAttribute("aria-invalid", String(words === invalid));
	};
	const send = async (): Promise<void> => {
		complain("");
		submit.disabled = true;
		try {
			await save({ email: email.value.trim(), name: name.value.trim(), message: message.value.trim() });
			if (!element.hidden) close(thanks);
		} catch (thrown) {
			const isInvalid = Object(thrown).code === "invalid_request";
			complain(isInvalid ? invalid : failed);
			if (isInvalid) email.focus();
			fault.scrollIntoView({ block: "nearest" });
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
			kit.focusField(email, element);
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
