import { el } from "./dom.ts";

type Child = Node | string;

export function button(
	label: string,
	act: () => void,
	kind: "" | "quiet" | "danger" = "",
	key = label,
): HTMLButtonElement {
	const made = el("button", { type: "button", class: kind, "data-key": key }, label);
	made.addEventListener("click", act);
	return made;
}

export function card(title: string, ...content: Child[]): HTMLElement {
	return el("section", { class: "card" }, ...(title === "" ? [] : [el("h3", {}, title)]), ...content);
}

export function note(...content: Child[]): HTMLElement {
	return el("p", { class: "quiet" }, ...content);
}

export function row(...content: Child[]): HTMLElement {
	return el("div", { class: "row" }, ...content);
}

let fields = 0;

/** A field under its label, with what else is to be known of it below. */
export function field(label: string, input: HTMLElement, hint = ""): HTMLElement {
	fields += 1;
	input.id = `field-${fields}`;
	const made = el("div", { class: "field" }, el("label", { for: input.id }, label), input);
	if (hint !== "") {
		const id = `hint-${fields}`;
		input.setAttribute("aria-describedby", id);
		made.append(el("small", { id }, hint));
	}
	return made;
}

export function select(
	options: readonly (readonly [value: string, label: string])[],
	chosen: string,
): HTMLSelectElement {
	const made = el("select", {}, ...options.map(([value, label]) => el("option", { value }, label)));
	made.value = chosen;
	return made;
}

export function textarea(value: string, rows: number, maxLength: number): HTMLTextAreaElement {
	const made = el("textarea", { rows, maxlength: maxLength, required: "" });
	made.value = value;
	return made;
}

export function input(value: string, maxLength: number, attributes: Record<string, string> = {}): HTMLInputElement {
	const made = el("input", { maxlength: maxLength, ...attributes });
	made.value = value;
	return made;
}

/** A form that is sent once at a time. */
export function form(label: string, send: () => Promise<void>, ...content: Child[]): HTMLFormElement {
	const submit = el("button", { type: "submit" }, label);
	const made = el("form", { class: "card" }, ...content, row(submit));
	made.addEventListener("submit", (event) => {
		event.preventDefault();
		// Not `disabled`, which would throw the keyboard's focus away.
		if (submit.getAttribute("aria-disabled") === "true") return;
		submit.setAttribute("aria-disabled", "true");
		void send().finally(() => submit.setAttribute("aria-disabled", "false"));
	});
	return made;
}

/** A table that scrolls by itself where it is wider than its place. */
export function table(label: string, heads: readonly string[], rows: readonly HTMLElement[]): HTMLElement {
	const head = el("tr", {}, ...heads.map((name) => el("th", { scope: "col" }, name)));
	return el(
		"div",
		{ class: "scroll", tabindex: 0, role: "region", "aria-label": label },
		el("table", {}, el("thead", {}, head), el("tbody", {}, ...rows)),
	);
}
