import { list, number, text, textOrNull } from "../api/read.ts";
import { el } from "../dom/dom.ts";
import { clock, count } from "../dom/format.ts";
import { button, note, table } from "../dom/parts.ts";
import type { View } from "../frame/view.ts";

const HEADS = [
	"Customer",
	"Plan",
	"Status",
	"Engines",
	"Conversations, 30 days",
	"Messages, 30 days",
	"Last active",
	"",
];

export const clients: View = {
	id: "clients",
	title: "Customers",
	roles: ["staff"],
	show(place, { api, attempt, signal, choose, org }) {
		void attempt(async () => {
			const rows = list(await api.get("clients"), "clients", (from) => {
				const lastAt = textOrNull(from, "last_active_at");
				const id = text(from, "id");
				const open = id === org.id ? "shown" : button("Look at it", () => choose(id), "quiet", id);
				return el(
					"tr",
					{},
					el("th", { scope: "row" }, text(from, "name")),
					el("td", {}, text(from, "plan")),
					el("td", {}, text(from, "status")),
					...["engines", "sessions_30d", "messages_30d"].map((name) =>
						el("td", { class: "number" }, count(number(from, name))),
					),
					el("td", {}, lastAt === null ? "never" : clock(lastAt, Date.now())),
					el("td", {}, open),
				);
			});
			if (!signal.aborted)
				place.replaceChildren(
					note("Koby’s own view: every customer, and into each one’s dashboard."),
					table("Customers", HEADS, rows),
				);
		});
	},
};
