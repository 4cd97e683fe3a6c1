import { OWN_WORDS, TEXT, el, icon } from "./dom.ts";
import { ICONS } from "./icons.ts";
import * as WORDS from "../words.ts";

/** The server's limit, code points. */
export const MAX_CHARS = 2000;
/** What a key press has while an input method still composes with it. */
const COMPOSING_KEY_CODE = 229;

export interface Composer {
	element: HTMLFormElement;
	focus(): void;
	/** While busy one may write, and not send. */
	setBusy(isBusy: boolean): void;
	/** While it is not open one may read what was written, and change nothing. */
	setOpen(isOpen: boolean): void;
	/** Gives a text back to be changed, unless another one is under way. */
	giveBack(text: string): void;
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
	const button = el(
		"button",
		{ type: "submit", class: "send", "aria-label": WORDS.send, title: WORDS.send },
		icon(ICONS.send),
	);
	const label = el("label", { for: "message", class: "unseen" }, WORDS.yourMessage);
	const element = el("form", { class: "composer", ...OWN_WORDS }, label, el("div", { class: "box" }, input, button));
	return { input, button, element };
}

/** Where the visitor writes. `onSend` gets a text that is neither empty nor too long. */
export function createComposer(onSend: (text: string) => void, onTooLong: () => void): Composer {
	const { input, button, element } = createForm();
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
		send();
	});

	function send(): void {
		cut(input);
		const text = input.value.trim();
		if (button.disabled || input.disabled || text === "") return;
		// Read once, with the first message; not each time that the focus comes back.
		input.removeAttribute("aria-describedby");
		write("");
		// A button that is disabled with the focus on it drops it.
		input.focus();
		onSend(text);
	}

	return {
		element,
		focus: () => input.focus(),
		setBusy(isBusy) {
			button.disabled = isBusy;
			button.setAttribute("aria-disabled", String(isBusy));
		},
		setOpen(isOpen) {
			input.disabled = !isOpen;
		},
		giveBack(text) {
			if (input.value === "") write(text);
		},
	};
}
