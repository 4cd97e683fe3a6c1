import { OWN_WORDS, TEXT, el, focusField, icon } from "./dom.ts";
import { ICONS } from "./icons.ts";
import * as WORDS from "../words.ts";

/** The server's limit, code points. */
export const MAX_CHARS = 2000;
/** What a key press has while an input method still composes with it. */
const COMPOSING_KEY_CODE = 229;

export interface Composer {
	element: HTMLFormElement;
	focus(): void;
	/** While busy one may write, and not send; the button stops what is under way. */
	setBusy(isBusy: boolean): void;
	/** While it is not open one may read what was written, and change nothing. */
	setOpen(isOpen: boolean): void;
	/** Gives a text back to be changed, unless another one is under way. @returns whether it did */
	giveBack(text: string): boolean;
}

/** Cuts what was written to the limit. @returns whether it was longer; `maxlength` would count UTF-16 units, and an emoji twice */
function cut(input: HTMLTextAreaElement): boolean {
	const characters = [...input.value];
	if (characters.length <= MAX_CHARS) return false;
	input.value = characters.slice(0, MAX_CHARS).join("");
	return true;
}

/** Makes the field as high as its text. */
function grow(input: HTMLTextAreaElement): void {
	input.style.setProperty("height", "auto");
	// The border is no part of the scroll height.
	input.style.setProperty("height", `${input.scrollHeight + input.offsetHeight - input.clientHeight}px`);
}

function createForm() {
	const input = el("textarea", {
		id: "message",
		rows: "1",
		placeholder: WORDS.placeholder,
		enterkeyhint: "send",
		autocomplete: "off",
		"aria-describedby": "disclosure",
		...TEXT,
	});
	const button = el("button", { type: "submit", class: "send" });
	const label = el("label", { for: "message", class: "unseen" }, WORDS.yourMessage);
	const element = el(
		"form",
		{ class: "composer", tabindex: "-1", ...OWN_WORDS },
		label,
		el("div", { class: "box" }, input, button),
	);
	return { input, button, element };
}

/** Where the visitor writes. `onSend` gets a text that is neither empty nor too long. */
export function createComposer(onSend: (text: string) => void, onStop: () => void, onTooLong: () => void): Composer {
	const { input, button, element } = createForm();
	let isBusy = false;
	const write = (text: string): void => {
		input.value = text;
		grow(input);
	};
	input.addEventListener("input", (event) => {
		const isComposing = event instanceof InputEvent && event.isComposing;
		if (!isComposing && cut(input)) onTooLong();
		grow(input);
	});
	input.addEventListener("compositionend", () => {
		if (cut(input)) onTooLong();
	});
	input.addEventListener("keydown", (event) => {
		// Safari ends a composition before the key press that ended it; that one has only the code.
		if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === COMPOSING_KEY_CODE) return;
		event.preventDefault();
		send();
	});
	element.addEventListener("submit", (event) => {
		event.preventDefault();
		if (isBusy) onStop();
		else send();
	});
	const setBusy = (busy: boolean): void => {
		isBusy = busy;
		const label = busy ? WORDS.stop : WORDS.send;
		button.setAttribute("aria-label", label);
		button.title = label;
		button.replaceChildren(icon(busy ? ICONS.stop : ICONS.send));
	};
	setBusy(false);

	function send(): void {
		cut(input);
		const text = input.value.trim();
		if (isBusy || input.disabled || text === "") return;
		// Read once, with the first message; not each time that the focus comes back.
		input.removeAttribute("aria-describedby");
		write("");
		focusField(input, null);
		onSend(text);
	}

	return {
		element,
		focus: () => focusField(input, element),
		setBusy,
		setOpen(isOpen) {
			input.disabled = !isOpen;
		},
		giveBack(text) {
			const isFree = input.value === "";
			if (isFree) write(text);
			return isFree;
		},
	};
}
