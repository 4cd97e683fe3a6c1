import { el } from "./dom.ts";

const SAID_MS = 2000;

/** Gives each command a button; where the browser has no clipboard to offer, a click still selects the command. */
export function addCopyButtons(): void {
	if (!("clipboard" in navigator)) return;
	for (const box of document.querySelectorAll(".command")) {
		const title = box.querySelector("h3")?.textContent ?? "command";
		const command = box.querySelector("pre")?.textContent ?? "";
		const said = el("span", { "aria-live": "polite" }, "Copy");
		const button = el(
			"button",
			{ type: "button", class: "quiet" },
			said,
			el("span", { class: "visually-hidden" }, ` “${title}”`),
		);
		button.addEventListener("click", () => void copy(command, said));
		box.append(button);
	}
}

async function copy(command: string, said: HTMLElement): Promise<void> {
	said.textContent = await navigator.clipboard.writeText(command).then(
		() => "Copied",
		() => "Not allowed",
	);
	setTimeout(() => (said.textContent = "Copy"), SAID_MS);
}
