import { launcherStyle } from "../page/colour.ts";
import { emit } from "../page/events.ts";
import { fieldsOf, textOf } from "../page/api/read.ts";
import { dropCommands, runningKey, takeCommands } from "./commands.ts";
import { configured } from "./config.ts";
import { lookOf, openLookMemory } from "./look.ts";
import type { Look } from "./look.ts";
import { loaded, panelOf } from "./panel.ts";
import { isHiddenPath, onMove } from "./paths.ts";
import { readSettings } from "./settings.ts";
import type { Settings } from "./settings.ts";
import { createStand } from "./stand.ts";
import type { Standing } from "./stand.ts";

const NO_KEY = "[koby] There is no site key: write it into data-site-key of the script's tag.";
const settings = readSettings();
if (settings !== null) begin(settings);
// What a tag manager puts in after the script counts as well.
else loaded(() => setTimeout(beginLate));

function beginLate(): void {
	const late = readSettings();
	if (late === null) console.error(NO_KEY);
	else begin(late);
}

function begin(found: Settings): void {
	const running = runningKey();
	if (running === null) boot(found);
	else if (running !== "" && running !== found.siteKey)
		console.warn(`[koby] This page has the chat of ${running} already, not that of ${found.siteKey}.`);
}

function boot(settings: Settings): void {
	const { siteKey, base, color } = settings;
	const off = new AbortController();
	const stand = createStand(off.signal);
	const memory = openLookMemory(siteKey);
	const last = memory.last();
	let look = lookOf(last);
	/** Whether the site answers this page, as far as is known. */
	let isAdmitted = last !== null;
	let isHidden = false;

	const show = (): void => {
		dress(stand, look, color);
		const isShown = isAdmitted && !isHidden && !isHiddenPath(location.pathname, look.hiddenPaths);
		if (!isShown) panel.close();
		if (!off.signal.aborted) stand.setShown(isShown);
	};
	const onFailure = (): void => {
		// One that was seen before comes back; one that was not may be none.
		isAdmitted &&= last !== undefined;
		show();
	};
	const config = nextTask().then(async () => {
		const body = await configured(settings, off.signal, onFailure);
		if (off.signal.aborted) return null;
		isAdmitted = body !== null;
		memory.keep(body);
		look = lookOf(body);
		await bodyOfPage();
		show();
		if (body !== null) emit("koby:ready", { name: textOf(fieldsOf(body), "name") });
		return body;
	});
	const panel = panelOf({ base, siteKey, config, stand });
	const setHidden = (hidden: boolean): void => {
		isHidden = hidden;
		show();
	};
	takeCommands(siteKey, {
		...panel,
		show: () => setHidden(false),
		hide: () => setHidden(true),
		destroy() {
			panel.close();
			off.abort();
			stand.setShown(false);
			dropCommands();
		},
	});
	onMove(show, off.signal);
	void bodyOfPage().then(show);
}

/** Gives the launcher its colour and its place on the page. */
function dress({ host, root }: Standing, { color, widget }: Look, given: string): void {
	const { offset_x = 20, offset_y = 20, corner } = widget;
	// Through the object model, which needs no `unsafe-inline`.
	host.style.cssText = `${launcherStyle(color || given)};--x:${offset_x}px;--y:${offset_y}px`;
	// The sides are those of the page's own language. The panel has the direction of its words, whatever side it is on.
	const isTurned = getComputedStyle(document.documentElement).direction === "rtl";
	root.dir = isTurned === (corner === "left") ? "ltr" : "rtl";
}

async function bodyOfPage(): Promise<void> {
	if (document.body === null)
		await new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve, { once: true }));
}

/** The launcher comes first, and the page is not to be blocked by more than that at a time. */
function nextTask(): Promise<unknown> {
	return new Promise((resolve) => setTimeout(resolve));
}
