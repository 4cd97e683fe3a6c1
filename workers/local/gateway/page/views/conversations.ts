import { list, number, text, textOrNull } from "../api/read.ts";
import type { Fields } from "../api/read.ts";
import { el } from "../dom/dom.ts";
import { fill, whenChanged } from "../dom/fill.ts";
import { clock, counted } from "../dom/format.ts";
import { note } from "../dom/parts.ts";
import { repeat } from "../frame/repeat.ts";
import { EVERYONE } from "../frame/view.ts";
import type { Context, View } from "../frame/view.ts";
import { showTranscript } from "./transcript.ts";

/** What was said within this time is said to be happening now, ms. */
const LIVE_MS = 60_000;
const SHOWN = "25";

export const conversations: View = {
	id: "conversations",
	title: "Conversations",
	roles: EVERYONE,
	show(place, context, detail) {
		if (detail === "") showList(place, context);
		else showTranscript(place, context, detail);
	},
};

interface Row {
	id: string;
	begins: string;
	engine: string;
	lastAt: string;
	messages: number;
	ups: number;
	downs: number;
	isLive: boolean;
}

function showList(place: HTMLElement, context: Context): void {
	const rows = el("ul", { class: "rows", "aria-label": "Conversations" });
	place.replaceChildren(
		note("As they happen: ask something in the chat, and it stands here two seconds later. A click opens it."),
		rows,
	);
	const draw = whenChanged((found: Row[]) => fill(rows, ...found.map(rowOf)));
	repeat(place, context, async () => {
		const now = Date.now();
		const answer = await context.api.get("conversations", { limit: SHOWN });
		const found = list(answer, "conversations", (from) => conversationOf(from, now));
		draw(found.sort((one, other) => other.lastAt.localeCompare(one.lastAt)));
	});
}

function conversationOf(from: Fields, now: number): Row {
	const lastAt = text(from, "last_message_at");
	return {
		id: text(from, "id"),
		begins: textOrNull(from, "preview") ?? "Words are not kept",
		engine: text(from, "engine_name"),
		lastAt,
		messages: number(from, "message_count"),
		ups: number(from, "rating_up"),
		downs: number(from, "rating_down"),
		isLive: now - Date.parse(lastAt) < LIVE_MS,
	};
}

function rowOf({ id, begins, engine, lastAt, messages, ups, downs, isLive }: Row): HTMLElement {
	const ratings = `${ups > 0 ? ` · ${ups} helpful` : ""}${downs > 0 ? ` · ${downs} not helpful` : ""}`;
	return el(
		"li",
		{ class: isLive ? "live" : "" },
		el(
			"a",
			{ href: `#/conversations/${id}`, "data-key": id },
			el("span", { class: "begins" }, begins),
			el("span", { class: "quiet" }, `${engine} · ${counted(messages, "message")}${ratings}`),
		),
		el("time", { datetime: lastAt }, isLive ? "now" : clock(lastAt, Date.now())),
	);
}
