import type { CallWords } from "./words/words.ts";

const MINUTE = 60;

/** A button of the sheet: its words, and what it does. */
interface Choice {
	word: keyof CallWords;
	act: () => void;
	/** It is on or off. */
	isToggle?: boolean;
}

/** What a visitor sees of a conversation, in place of the chat's messages. */
export interface Sheet {
	element: HTMLElement;
	/** Says how things stand, and what can be done: the first choice gets the focus. @param link the organization's privacy notice; "" = none */
	ask(text: string, choices: Choice[], link?: string): void;
	/** The conversation runs: its clock, what is said, and what can be done. */
	run(choices: Choice[]): void;
	speaking(isSpeaking: boolean): void;
	clock(seconds: number, maxSeconds: number): void;
	/** A line of what is said. */
	add(by: "you" | "assistant", text: string): void;
	/** The assistant's last line was broken off. */
	correct(text: string): void;
}

/** @param language of the words, a tag */
export function createSheet(words: CallWords, language: string): Sheet {
	const title = el("h3", {}, words.title);
	const status = el("p", { role: "status" });
	const told = el("p");
	// Both are seen and not announced: whoever hears the page would hear two voices at once, and so would the microphone.
	const doing = el("span");
	const time = el("span", { role: "timer", "aria-label": words.duration, dir: "ltr" });
	const state = el("div", { class: "state" }, doing, time);
	const lines = el("div", {
		class: "lines",
		role: "log",
		"aria-live": "off",
		"aria-label": words.lines,
		tabindex: "0",
	});
	const buttons = el("div", { class: "choices" });
	const element = el(
		"div",
		{ class: "call", role: "group", "aria-label": words.title, tabindex: "-1", lang: language, dir: "auto" },
		...[title, status, told, state, lines, buttons],
	);
	const offer = (choices: Choice[]): void => {
		const made = choices.map(({ word, act, isToggle = false }, index) => {
			const button = el("button", { type: "button", ...(index === 0 ? { class: "first" } : {}) }, words[word]);
			if (isToggle) button.setAttribute("aria-pressed", "false");
			button.addEventListener("click", () => {
				if (isToggle) button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
				act();
			});
			return button;
		});
		buttons.replaceChildren(...made);
		made[0]?.focus();
	};
	const show = (isRunning: boolean): void => {
		state.hidden = !isRunning;
		lines.hidden = lines.childElementCount === 0;
	};
	show(false);
	return {
		element,
		ask(text, choices, link = "") {
			show(false);
			// A sentence that is there from the beginning is read with its button; only what changes is announced.
			const isFirst = buttons.childElementCount === 0;
			status.textContent = isFirst ? "" : text;
			told.replaceChildren(...(isFirst ? [text] : []));
			if (link !== "") told.append(" ", el("a", { href: link, target: "_blank", rel: "noopener" }, words.privacy));
			offer(choices);
		},
		run(choices) {
			status.textContent = "";
			lines.replaceChildren();
			show(true);
			offer(choices);
		},
		speaking(isSpeaking) {
			doing.textContent = isSpeaking ? words.speaking : words.listening;
			state.toggleAttribute("data-speaking", isSpeaking);
		},
		clock(seconds, maxSeconds) {
			time.textContent = `${clockOf(seconds)} / ${clockOf(maxSeconds)}`;
		},
		add(by, text) {
			lines.append(el("p", { dir: "auto" }, el("b", {}, words[by]), " ", el("span", {}, text)));
			show(true);
			lines.scrollTop = lines.scrollHeight;
		},
		correct(text) {
			const last = [...lines.children].findLast((line) => line.querySelector("b")?.textContent === words.assistant);
			last?.querySelector("span")?.replaceChildren(text);
		},
	};
}

function clockOf(seconds: number): string {
	return `${Math.floor(seconds / MINUTE)}:${String(seconds % MINUTE).padStart(2, "0")}`;
}

/** As the panel's own, whose code this file does not share. */
function el<Tag extends keyof HTMLElementTagNameMap>(
	tag: Tag,
	attributes: Readonly<Record<string, string>> = {},
	...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
	const element = document.createElement(tag);
	element.append(...children);
	for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
	return element;
}
