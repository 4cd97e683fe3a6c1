import { el, svg } from "../dom/dom.ts";
import { count, counted, shortDay } from "../dom/format.ts";

export interface Point {
	/** YYYY-MM-DD */
	date: string;
	value: number;
}

export interface ChartWords {
	title: string;
	/** What is counted, in the singular. */
	noun: string;
}

/** The drawing's own units: a day's width, and the height. It is stretched to its place; the text around it is not. */
const DAY = 10;
const HEIGHT = 100;
const BAR = 7;
const STEPS = [1, 2, 3, 4, 5, 6, 8, 10];

/** A card with a drawing, what it says in words, and the numbers as a table. */
export function chartCard(kind: "bars" | "line", points: Point[], words: ChartWords): HTMLElement {
	const top = scaleTop(Math.max(0, ...points.map(({ value }) => value)));
	const card = el("section", { class: "card" }, el("h3", {}, words.title));
	if (points.every(({ value }) => value === 0)) {
		card.append(el("p", { class: "muted" }, `No ${words.noun}s in these days.`));
		return card;
	}
	const ticks = [top, top / 2, 0].map((tick) => el("span", {}, count(tick)));
	card.append(
		el(
			"div",
			{ class: "chart" },
			el("div", { class: "ticks", "aria-hidden": "true" }, ...ticks),
			drawing(kind, points, top, words),
			days(points),
		),
		table(points, words),
	);
	return card;
}

/** The least round number that is no smaller and has a whole half. */
function scaleTop(most: number): number {
	const power = 10 ** Math.floor(Math.log10(Math.max(most, 1)));
	const tops = STEPS.map((step) => step * power);
	return tops.find((top) => top >= most && top % 2 === 0) ?? 2 * power;
}

function drawing(kind: "bars" | "line", points: Point[], top: number, words: ChartWords): SVGElement {
	const width = points.length * DAY;
	const grid = [0, 0.5, 1].map((part) =>
		svg("line", { class: "grid", x1: 0, x2: width, y1: part * HEIGHT, y2: part * HEIGHT }),
	);
	const marks = kind === "bars" ? bars(points, top) : line(points, top);
	return svg(
		"svg",
		{
			viewBox: `0 0 ${width} ${HEIGHT}`,
			preserveAspectRatio: "none",
			role: "img",
			"aria-label": summary(points, words),
		},
		...grid,
		...marks,
		...points.map((point, index) => hover(point, index, words)),
	);
}

function heightOf(value: number, top: number): number {
	return (value / top) * HEIGHT;
}

function bars(points: Point[], top: number): SVGElement[] {
	return points.map(({ value }, index) => {
		const height = heightOf(value, top);
		return svg("rect", { class: "bar", x: index * DAY + (DAY - BAR) / 2, y: HEIGHT - height, width: BAR, height });
	});
}

function line(points: Point[], top: number): SVGElement[] {
	const corners = points.map(({ value }, index) => `${index * DAY + DAY / 2},${HEIGHT - heightOf(value, top)}`);
	const end = points.length * DAY - DAY / 2;
	return [
		svg("polygon", { class: "area", points: `${DAY / 2},${HEIGHT} ${corners.join(" ")} ${end},${HEIGHT}` }),
		svg("polyline", { class: "line", points: corners.join(" ") }),
	];
}

/** What the pointer rests on tells its number. */
function hover({ date, value }: Point, index: number, { noun }: ChartWords): SVGElement {
	return svg(
		"rect",
		{ class: "hover", x: index * DAY, y: 0, width: DAY, height: HEIGHT },
		svg("title", {}, `${shortDay(date)}: ${counted(value, noun)}`),
	);
}

function summary(points: Point[], { title, noun }: ChartWords): string {
	const total = points.reduce((sum, { value }) => sum + value, 0);
	const most = points.reduce((best, point) => (point.value > best.value ? point : best), { date: "", value: -1 });
	return `${title}: ${counted(total, noun)} in ${counted(points.length, "day")}, most on ${shortDay(most.date)} with ${count(most.value)}.`;
}

function days(points: Point[]): HTMLElement {
	const shown = [points[0], points[Math.floor(points.length / 2)], points.at(-1)];
	return el(
		"div",
		{ class: "days", "aria-hidden": "true" },
		...shown.map((point) => el("span", {}, shortDay(point?.date ?? ""))),
	);
}

function table(points: Point[], { title, noun }: ChartWords): HTMLElement {
	const rows = points.map(({ date, value }) =>
		el("tr", {}, el("th", { scope: "row" }, shortDay(date)), el("td", { class: "number" }, count(value))),
	);
	const head = el(
		"tr",
		{},
		el("th", { scope: "col" }, "Day (UTC)"),
		el("th", { scope: "col", class: "number" }, `${noun}s`),
	);
	return el(
		"details",
		{},
		el("summary", {}, "As a table", el("span", { class: "visually-hidden" }, `: ${title}`)),
		el(
			"div",
			{ class: "scroll low", tabindex: 0, role: "region", "aria-label": `${title}, table` },
			el("table", {}, el("thead", {}, head), el("tbody", {}, ...rows)),
		),
	);
}
