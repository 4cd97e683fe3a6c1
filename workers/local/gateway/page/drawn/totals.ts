import { el } from "../dom/dom.ts";
import { count, duration, percentChange, usd } from "../dom/format.ts";

/** The totals of `GET /portal/insights` that are shown. */
export interface Totals {
	sessions: number;
	messages: number;
	visitors: number;
	errors: number;
	cacheHits: number;
	costUsdMicros: number;
	voiceCharacters: number;
	averageMs: number | null;
}

interface Figure {
	name: string;
	of(totals: Totals): number | null;
	shown(value: number): string;
	/** What a rise means; a figure without it is neither good nor bad. */
	rise?: "good" | "bad";
}

const FIGURES: readonly Figure[] = [
	{ name: "Sessions", of: ({ sessions }) => sessions, shown: count, rise: "good" },
	{ name: "Messages answered", of: ({ messages }) => messages, shown: count, rise: "good" },
	{ name: "Visitors, by day", of: ({ visitors }) => visitors, shown: count, rise: "good" },
	{ name: "Average answer", of: ({ averageMs }) => averageMs, shown: duration, rise: "bad" },
	{ name: "Errors", of: ({ errors }) => errors, shown: count, rise: "bad" },
	{ name: "From the cache", of: ({ cacheHits }) => cacheHits, shown: count, rise: "good" },
	{ name: "Voice characters", of: ({ voiceCharacters }) => voiceCharacters, shown: count },
	{ name: "Model and voice cost", of: ({ costUsdMicros }) => costUsdMicros, shown: usd },
];

/** The range's totals, each beside the range before. */
export function totalsList(totals: Totals, previous: Totals): HTMLElement {
	return el(
		"dl",
		{ class: "figures" },
		...FIGURES.map((figure) => figureBox(figure, figure.of(totals), figure.of(previous))),
	);
}

function figureBox(figure: Figure, now: number | null, before: number | null): HTMLElement {
	const value = now === null ? "none yet" : figure.shown(now);
	return el(
		"div",
		{ class: "card" },
		el("dt", {}, figure.name),
		el("dd", { class: "value" }, value),
		el("dd", { class: `change ${tone(figure, now, before)}` }, change(figure, now, before)),
	);
}

function change(figure: Figure, now: number | null, before: number | null): string {
	if (before === null || before === 0) return "none in the days before";
	if (now === before) return "as in the days before";
	return `${percentChange(now ?? 0, before)} from ${figure.shown(before)}`;
}

function tone({ rise }: Figure, now: number | null, before: number | null): string {
	if (rise === undefined || now === null || !before || now === before) return "even";
	return now > before === (rise === "good") ? "good" : "bad";
}
