import { list, number, numberOrNull, object, text } from "../api/read.ts";
import type { Fields } from "../api/read.ts";
import { el } from "../dom/dom.ts";
import { chartCard } from "../drawn/chart.ts";
import { totalsList } from "../drawn/totals.ts";
import type { Totals } from "../drawn/totals.ts";
import { note } from "../dom/parts.ts";
import { EVERYONE } from "../frame/view.ts";
import type { View } from "../frame/view.ts";

export const numbers: View = {
	id: "numbers",
	title: "Numbers",
	roles: EVERYONE,
	show(place, { api, attempt, signal }) {
		void attempt(async () => {
			const answer = await api.get("insights");
			if (signal.aborted) return;
			const days = list(answer, "daily", (from) => ({ date: text(from, "date"), value: number(from, "messages") }));
			place.replaceChildren(
				note("The live website’s last 30 days, beside the 30 before. The chat on this page counts for itself."),
				el(
					"div",
					{ class: "stack" },
					totalsList(totalsOf(object(answer, "totals")), totalsOf(object(answer, "previous"))),
				),
				chartCard("bars", days, { title: "Messages a day", noun: "message" }),
			);
		});
	},
};

function totalsOf(from: Fields): Totals {
	return {
		sessions: number(from, "sessions"),
		messages: number(from, "messages"),
		visitors: number(from, "visitors"),
		errors: number(from, "errors"),
		cacheHits: number(from, "cache_hits"),
		costUsdMicros: number(from, "cost_usd_micros"),
		voiceCharacters: number(from, "voice_characters"),
		averageMs: numberOrNull(from, "avg_latency_ms"),
	};
}
