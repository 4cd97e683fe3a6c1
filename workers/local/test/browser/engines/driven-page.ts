import { setTimeout as wait } from "node:timers/promises";
import type { Found, Visited } from "./visited.ts";
import { until } from "./webdriver.ts";
import type { Driven, Reference } from "./webdriver.ts";

/** What may have a role; the name is asked of the browser itself. */
const ROLES = {
	button: "button, [role=button]",
	dialog: "dialog, [role=dialog]",
	link: "a[href]",
	log: "[role=log]",
	textbox: "textarea, input",
};
/** A page is quiet that has fetched nothing for so long, ms: as playwright's. */
const QUIET_MS = 500;

/** A page of a driven browser as tests ask for it. */
export function visitedBy(driven: Driven): Visited {
	const type = (text: string) => driven.press([...text].map((sign) => (sign === " " ? "Space" : sign)));
	return {
		goto: (url) => driven.send("POST", "/url", { url }),
		reload: () => driven.send("POST", "/refresh"),
		evaluate: (work) => driven.run(work),
		async waitForLoadState() {
			const fetched = () => driven.run(() => performance.getEntriesByType("resource").length);
			await until("a quiet page", async () => {
				const before = await fetched();
				await wait(QUIET_MS);
				return before === (await fetched()) || undefined;
			});
		},
		getByRole(role, { name } = {}) {
			const find = async (): Promise<Reference[]> => {
				const shown = await driven.find(findShown, ROLES[role]);
				if (name === undefined) return shown;
				const names = await Promise.all(shown.map((element) => driven.nameOf(element)));
				return shown.filter((_, index) => names[index]?.toLowerCase().includes(name.toLowerCase()));
			};
			return found(driven, `${role} ${name ?? ""}`, find, type);
		},
		locator: (css) => found(driven, css, () => driven.find(findAll, css), type),
		keyboard: { press: (key) => driven.press([key]), type },
	};
}

function found(
	driven: Driven,
	what: string,
	find: () => Promise<Reference[]>,
	type: Visited["keyboard"]["type"],
): Found {
	const element = (): Promise<Reference> => until(what, async () => (await find()).at(-1));
	const asked = async <Answer>(ask: (of: Element) => Answer): Promise<Answer> => driven.run(ask, await element());
	const spot = (): Promise<[number, number]> =>
		until(`${what} to be pressed`, async () => (await asked(spotOf)) ?? undefined);
	return {
		last: () => found(driven, what, find, type),
		count: async () => (await find()).length,
		async waitFor() {
			await until(`${what} to be seen`, async () => (await asked(isShown)) || undefined);
		},
		async isVisible() {
			const last = (await find()).at(-1);
			return last !== undefined && driven.run(isShown, last);
		},
		async click({ trial = false } = {}) {
			const [x, y] = await spot();
			if (!trial) await driven.pressAt(x, y);
		},
		async fill(text) {
			await driven.run(select, await element());
			await type(text);
		},
		textContent: () => asked((of) => of.textContent),
		async getAttribute(name) {
			return driven.run((of: Element, attribute: string) => of.getAttribute(attribute), await element(), name);
		},
		boundingBox: () =>
			asked((of) => {
				const { x, y, width, height } = of.getBoundingClientRect();
				return { x, y, width, height };
			}),
	};
}

// What follows runs in the page: each sees nothing but what it is given.

function findAll(css: string): Element[] {
	const inside = /^koby-chat (.*)$/.exec(css)?.[1];
	const root = inside === undefined ? document : document.querySelector("koby-chat")?.shadowRoot;
	return [...(root?.querySelectorAll(inside ?? css) ?? [])];
}

function findShown(css: string): Element[] {
	const roots = [document, document.querySelector("koby-chat")?.shadowRoot];
	const all = roots.flatMap((root) => [...(root?.querySelectorAll(css) ?? [])]);
	return all.filter(
		(one) => one.checkVisibility({ visibilityProperty: true }) && one.closest("[aria-hidden=true]") === null,
	);
}

function isShown(element: Element): boolean {
	return element.checkVisibility({ visibilityProperty: true });
}

/** The middle of an element, if the mouse meets it there. */
function spotOf(element: Element): [number, number] | null {
	element.scrollIntoView({ block: "nearest" });
	const { left, top, width, height } = element.getBoundingClientRect();
	const [x, y] = [left + width / 2, top + height / 2];
	const root = element.getRootNode();
	const met = root instanceof ShadowRoot || root instanceof Document ? root.elementFromPoint(x, y) : null;
	return element.contains(met) && !element.matches(":disabled") ? [x, y] : null;
}

function select(element: Element): void {
	if (!(element instanceof HTMLTextAreaElement || element instanceof HTMLInputElement)) return;
	element.focus();
	element.select();
}
