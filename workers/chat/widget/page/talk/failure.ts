import type { Kit } from "../later/kit.ts";

/** What a visitor can do about a message that failed; null = not that. */
interface Ways {
	retry: (() => void) | null;
	/** How long the server wants to be left alone before that, seconds. */
	seconds: number;
	leaveMessage: (() => void) | null;
	/** They may try again now, after they had to wait. */
	onReady: () => void;
}

/** What went wrong with a message. Within a live region, but said by the notice: a count is not to be read out each second. */
export function createFailure(
	{ el, lang, words }: Kit,
	text: string,
	{ retry, seconds, leaveMessage, onReady }: Ways,
): HTMLElement {
	const buttons = el("div", { class: "buttons" });
	const addButton = (label: string, action: () => void): HTMLButtonElement => {
		const button = el("button", { type: "button", class: "quiet" }, label);
		button.addEventListener("click", action);
		buttons.append(button);
		return button;
	};
	const element = el("div", { class: "failure", "aria-live": "off", lang }, el("p", { dir: "auto" }, text), buttons);
	if (retry !== null) countDown(addButton(words.tryAgain, retry), seconds, () => element.isConnected && onReady());
	if (leaveMessage !== null) addButton(words.leaveMessage, leaveMessage);
	return element;
}

/** By the clock: a page that nobody looks at counts slowly. */
function countDown(button: HTMLButtonElement, seconds: number, onReady: () => void): void {
	const label = button.textContent;
	const end = Date.now() + seconds * 1000;
	const show = (): void => {
		const left = Math.ceil((end - Date.now()) / 1000);
		button.disabled = left > 0;
		button.textContent = left > 0 ? `${label} (${left})` : label;
		if (left > 0) setTimeout(show, 1000);
		else if (seconds > 0) onReady();
	};
	show();
}
