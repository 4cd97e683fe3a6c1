import { expect, it } from "vitest";
import { axeFindings, shownText } from "../browser.ts";
import type { Stage } from "../browser.ts";
import { dialog } from "../widget.ts";
import { STATES, openState } from "./states.ts";

/** Every state of the widget, on a page with a header and a main part of its own. */
export function stateTests(stage: Stage): void {
	it.each(STATES)("has nothing that axe finds, and nothing out of its window: $name", async (state) => {
		const { page } = await openState(stage, state);
		expect(await axeFindings(page)).toEqual([]);
		const room = await page.evaluate(() => {
			const panel = document.querySelector("koby-chat")?.shadowRoot?.querySelector(".panel");
			const box = panel?.getBoundingClientRect();
			return {
				aside: document.documentElement.scrollWidth - document.documentElement.clientWidth,
				wider: (panel?.scrollWidth ?? 0) - (panel?.clientWidth ?? 0),
				left: Math.min(0, box?.left ?? -1),
				right: Math.max(0, (box?.right ?? Number.POSITIVE_INFINITY) - innerWidth),
			};
		});
		expect(room).toEqual({ aside: 0, wider: 0, left: 0, right: 0 });
	});

	const named = (name: string) => {
		const found = STATES.find((state) => state.name === name);
		if (found === undefined) throw new Error(`There is no state ${name}.`);
		return found;
	};

	it.each(["consent", "consent-phone", "zoom-400-consent", "undo"])(
		"begins with the whole greeting, whatever stands below it: %s",
		async (name) => {
			const { page } = await openState(stage, named(name));
			const cut = await page.evaluate(() => {
				const root = document.querySelector("koby-chat")?.shadowRoot;
				const top = (selector: string) => root?.querySelector(selector)?.getBoundingClientRect().top ?? 0;
				return top(".log .message") < top(".scroller");
			});
			expect(cut).toBe(false);
		},
	);

	it("shows what is to be agreed to whole, also at 400 %", async () => {
		const { page } = await openState(stage, named("zoom-400-consent"));
		const hidden = await page
			.locator("koby-chat .disclosure")
			.evaluate((element) => element.scrollHeight - element.clientHeight);
		expect(hidden).toBe(0);
		const button = dialog(page).getByRole("button", { name: "I agree" });
		expect(await button.evaluate((element) => element.getBoundingClientRect().bottom <= innerHeight)).toBe(true);
	});

	it("says what is wrong with an address beside it", async () => {
		const { page } = await openState(stage, named("lead-refused"));
		const fault = page.getByRole("alert").filter({ hasText: "Please check your e-mail address." });
		expect(await fault.evaluate((element) => element.previousElementSibling?.id)).toBe("lead-email");
		const isSeen = await fault.evaluate((element) => {
			const { bottom } = element.getBoundingClientRect();
			return bottom <= (element.closest(".scroller")?.getBoundingClientRect().bottom ?? 0);
		});
		expect(isSeen).toBe(true);
		expect(await shownText(fault)).toContain("Please check");
	});
}
