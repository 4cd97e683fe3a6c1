import { object, text } from "../api/read.ts";
import type { Fields } from "../api/read.ts";
import { el } from "../dom/dom.ts";
import { field, form, input, note, select, textarea } from "../dom/parts.ts";
import { WRITERS } from "../frame/view.ts";
import type { Context, View } from "../frame/view.ts";

const MAX_GREETING_CHARS = 500;
const MAX_QUESTIONS = 4;

export const look: View = {
	id: "look",
	title: "Look, privacy",
	roles: WRITERS,
	show(place, context) {
		void context.attempt(async () => {
			const config = object(await context.api.get("config"), "config");
			if (context.signal.aborted) return;
			place.replaceChildren(
				note("A change is saved at once, and the widget beside it follows."),
				looksCard(context, config),
				wordsForm(context, config),
				privacyCard(context, config),
			);
		});
	},
};

/** Saves one change and shows the widget as it is now. */
function save({ api, attempt, site, tell }: Context, change: object, said: string): Promise<void> {
	return attempt(async () => {
		await api.send("PATCH", "config", change);
		await site.refresh();
		tell(said);
	});
}

type Options = readonly (readonly [value: string, label: string])[];

/** A choice that is saved when it is made. */
function choice(
	context: Context,
	label: string,
	options: Options,
	chosen: string,
	changeOf: (value: string) => object,
): HTMLElement {
	const made = select(options, chosen);
	made.addEventListener("change", () => void save(context, changeOf(made.value), `${label}: saved.`));
	return field(label, made);
}

function looksCard(context: Context, config: Fields): HTMLElement {
	const widget = object(config, "widget");
	const colour = el("input", { type: "color", value: text(config, "brand_color") });
	colour.addEventListener("change", () => void save(context, { brand_color: colour.value }, "Colour: saved."));
	const ofWidget = (name: string) => (value: string) => ({ widget: { [name]: value } });
	return el(
		"section",
		{ class: "card pairs" },
		el("h3", {}, "Looks"),
		field("Colour", colour),
		choice(context, "Launcher’s icon", ICONS, text(widget, "launcher_icon"), ofWidget("launcher_icon")),
		choice(context, "Corner", CORNERS, text(widget, "corner"), ofWidget("corner")),
		choice(context, "Light or dark", THEMES, text(widget, "theme"), ofWidget("theme")),
	);
}

const ICONS: Options = [
	["chat", "Speech bubble"],
	["question", "Question mark"],
	["heart", "Heart"],
	["tooth", "Tooth"],
];
const CORNERS: Options = [
	["right", "Right"],
	["left", "Left"],
];
const THEMES: Options = [
	["auto", "As the visitor’s device"],
	["light", "Light"],
	["dark", "Dark"],
];

function wordsForm(context: Context, config: Fields): HTMLElement {
	const greeting = textarea(text(config, "greeting"), 2, MAX_GREETING_CHARS);
	const asked = textarea(textsOf(config).join("\n"), 3, MAX_GREETING_CHARS);
	asked.required = false;
	const send = (): Promise<void> => {
		const lines = asked.value.split("\n").map((line) => line.trim());
		const suggested = lines.filter((line) => line !== "").slice(0, MAX_QUESTIONS);
		return save(context, { greeting: greeting.value, suggested_questions: suggested }, "Greeting: saved.");
	};
	return form(
		"Save the words",
		send,
		el("h3", {}, "Words"),
		field("Greeting", greeting),
		field("Suggested questions, one a line", asked),
	);
}

function textsOf(config: Fields): string[] {
	const value = config.suggested_questions;
	return Array.isArray(value) ? value.map(String) : [];
}

function privacyCard(context: Context, config: Fields): HTMLElement {
	const notice = input(typeof config.ai_notice === "string" ? config.ai_notice : "", 500);
	notice.addEventListener(
		"change",
		() => void save(context, { ai_notice: notice.value === "" ? null : notice.value }, "Notice: saved."),
	);
	return el(
		"section",
		{ class: "card pairs" },
		el("h3", {}, "Privacy"),
		choice(context, "Before the first message", CONSENT, text(config, "consent"), (consent) => ({ consent })),
		choice(context, "What is kept of a conversation", PRIVACY, text(config, "privacy"), (privacy) => ({ privacy })),
		choice(context, "The browser remembers it", MEMORY, text(config, "visitor_memory"), (visitor_memory) => ({
			visitor_memory,
		})),
		choice(context, "Visitors", AUDIENCE, text(config, "audience"), (audience) => ({ audience })),
		field("Notice in your own words", notice, "Empty: the one that comes with the product."),
	);
}

const CONSENT: Options = [
	["none", "Nothing is shown"],
	["notice", "A notice is shown"],
	["required", "Visitors have to agree"],
];
const PRIVACY: Options = [
	["standard", "The words, as written"],
	["redact", "The words, without names and numbers"],
	["no_store", "No words at all"],
];
const MEMORY: Options = [
	["device", "On the device"],
	["tab", "Until the tab is closed"],
	["none", "Not at all"],
];
const AUDIENCE: Options = [
	["general", "Everyone"],
	["adults", "Adults, who say so first"],
];
