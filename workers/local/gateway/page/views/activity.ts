import { list, text, textOrNull } from "../api/read.ts";
import type { Fields } from "../api/read.ts";
import { el } from "../dom/dom.ts";
import { fill, whenChanged } from "../dom/fill.ts";
import { clock } from "../dom/format.ts";
import { note } from "../dom/parts.ts";
import { repeat } from "../frame/repeat.ts";
import { WRITERS } from "../frame/view.ts";
import type { Context, View } from "../frame/view.ts";

const SHOWN = "50";

interface Entry {
	id: string;
	at: string;
	user: string;
	as: string;
	action: string;
	target: string | null;
	fields: string;
}

export const activity: View = {
	id: "activity",
	title: "Activity",
	roles: WRITERS,
	show(place, context) {
		const rows = el("ul", { class: "rows", "aria-label": "Activity" });
		place.replaceChildren(
			note("Who has changed something, and who has read visitors’ words. Nobody can take an entry out."),
			rows,
		);
		const draw = whenChanged((entries: Entry[]) => fill(rows, ...entries.map(rowOf)));
		let names: ReadonlyMap<string, string> | undefined;
		repeat(place, context, async () => {
			names ??= await namesOf(context);
			const known = names;
			draw(list(await context.api.get("audit", { limit: SHOWN }), "entries", (from) => entryOf(from, known)));
		});
	},
};

/** The log has ids; the team has names. */
async function namesOf({ api }: Context): Promise<ReadonlyMap<string, string>> {
	const members = list(
		await api.get("team"),
		"members",
		(from) => [text(from, "user_id"), textOrNull(from, "name")] as const,
	);
	return new Map(members.flatMap(([id, name]) => (name === null ? [] : [[id, name]])));
}

function entryOf(from: Fields, names: ReadonlyMap<string, string>): Entry {
	const user = text(from, "user_id");
	return {
		id: String(from.id),
		at: text(from, "last_at"),
		user: names.get(user) ?? user,
		as: text(from, "acting_as"),
		action: text(from, "action"),
		target: textOrNull(from, "target"),
		fields: Array.isArray(from.fields) ? from.fields.join(", ") : "",
	};
}

function rowOf({ at, user, as, action, target, fields }: Entry): HTMLElement {
	const what = [target ?? "", fields].filter((part) => part !== "").join(": ");
	return el(
		"li",
		{},
		el(
			"div",
			{},
			el("span", { class: "begins" }, action.replace(/[._]/g, " ")),
			el("span", { class: "quiet" }, [user === as ? user : `${user}, ${as}`, what].join(" · ")),
		),
		el("time", { datetime: at }, clock(at, Date.now())),
	);
}
