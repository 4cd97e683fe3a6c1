import { list, object, text, textOrNull } from "../api/read.ts";
import type { Fields } from "../api/read.ts";
import { el } from "../dom/dom.ts";
import { fill, whenChanged } from "../dom/fill.ts";
import { clock, duration } from "../dom/format.ts";
import { button, note, row } from "../dom/parts.ts";
import { repeat } from "../frame/repeat.ts";
import type { Context } from "../frame/view.ts";

interface Message {
	id: string;
	isVisitor: boolean;
	text: string;
	at: string;
	/** How the answer came about, in words. */
	how: string;
	rating: string | null;
	isPending: boolean;
}

/** What was said, as long as it goes on. */
export function showTranscript(place: HTMLElement, context: Context, id: string): void {
	const { api, go, attempt, mayWrite, signal } = context;
	const title = el("h3", {}, "Conversation");
	const log = el("ol", { class: "transcript", "aria-label": "Messages" });
	const erase = (): Promise<void> =>
		attempt(async () => {
			await api.send("DELETE", `conversations/${id}`);
			go("conversations", "", "Erased: the messages, the contact details, and the questions in the counts.");
		});
	const actions = mayWrite ? [button("Erase this conversation", () => void erase(), "danger")] : [];
	place.replaceChildren(
		row(
			button("All conversations", () => go("conversations"), "quiet"),
			...actions,
		),
		title,
		log,
	);
	const draw = whenChanged((messages: Message[]) => fill(log, ...messages.map(bubble)));
	repeat(place, context, async () => {
		const answer = await api.get(`conversations/${id}`);
		if (signal.aborted) return;
		const conversation = object(answer, "conversation");
		title.textContent = `Visitor ${text(conversation, "visitor").slice(0, 6)}, on ${text(conversation, "engine_name")}`;
		draw(list(answer, "messages", messageOf));
	});
}

const HOW: Readonly<Record<string, string>> = {
	stop: "answered from what it was given to read",
	curated: "your own answer, word for word",
	cached: "from the cache",
	blocked: "could not be answered",
	safety: "whom to call",
	length: "cut off",
};

function messageOf(from: Fields): Message {
	const latency = from.latency_ms;
	const how = HOW[textOrNull(from, "finish") ?? ""] ?? "";
	return {
		id: text(from, "id"),
		isVisitor: text(from, "role") === "user",
		text: text(from, "text"),
		at: text(from, "created_at"),
		how: how !== "" && typeof latency === "number" ? `${how}, in ${duration(latency)}` : how,
		rating: textOrNull(from, "rating"),
		isPending: text(from, "status") === "pending",
	};
}

function bubble({ isVisitor, text: words, at, how, rating, isPending }: Message): HTMLElement {
	const rated = rating === null ? "" : ` · rated ${rating === "up" ? "helpful" : "not helpful"}`;
	const about = [clock(at, Date.now()), how].filter((part) => part !== "").join(" · ");
	return el(
		"li",
		{ class: isVisitor ? "visitor" : "bot" },
		el("span", { class: "visually-hidden" }, isVisitor ? "Visitor: " : "Assistant: "),
		el("p", {}, isPending ? "…" : words === "" ? "Words are not kept." : words),
		note(`${about}${rated}`),
	);
}
