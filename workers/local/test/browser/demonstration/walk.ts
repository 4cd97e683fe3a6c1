import { expect, it } from "vitest";
import type { Stage } from "../browser.ts";
import { rows } from "../../local-run.ts";
import { ask, openChat, openHome, says, showView, strangers } from "./home.ts";
import type { Home } from "./home.ts";

const ASKED = "Is there parking behind the building?";
const GAP = "Do you rent out mouth guards?";
const ANSWER = "Yes, a mouth guard is ten dollars a week.";

/** Everything that the page shows, one after the other, as somebody who tries the product does it. */
export function walkTests(stage: Stage): void {
	it("goes the whole way, and no request leaves the machine", { timeout: 180_000 }, async () => {
		const home = await openHome(stage);
		await openChat(home);
		await seesItArrive(home);
		await answersTheGap(home);
		await changesTheColour(home);
		await getsALead(home);
		await pays(home);
		await changesTheKey(home);
		await erases(home, stage);
		// What follows takes the chat off the website, which the console is told.
		expect(home.lines).toEqual([]);
		await cancels(home);
		expect(strangers(home.requests)).toEqual([]);
	});
}

async function seesItArrive(home: Home): Promise<void> {
	await ask(home, ASKED, "There is free parking behind the building");
	await home.dashboard.getByRole("link", { name: ASKED }).click();
	await says(home, "There is free parking behind the building");
	// It goes on before one's eyes.
	await ask(home, GAP, "I do not know that");
	await says(home, GAP);
}

async function answersTheGap(home: Home): Promise<void> {
	const { dashboard, site } = home;
	await showView(home, "Unanswered");
	await dashboard
		.getByRole("listitem")
		.filter({ hasText: GAP })
		.getByRole("button", { name: "Write the answer" })
		.click();
	await dashboard.getByRole("textbox", { name: "Answer", exact: true }).fill(ANSWER);
	await dashboard.getByRole("button", { name: "Save the answer" }).click();
	await says(home, "Saved.");
	await ask(home, GAP, ANSWER);
	// The citation names the answer and leads to its page, which nobody follows here.
	const citation = site.getByRole("link", { name: GAP }).last();
	expect(await citation.getAttribute("href")).toBe("https://www.pannu-dental.example/answers");
	await expect.poll(() => dashboard.getByRole("listitem").filter({ hasText: GAP }).count()).toBe(0);
	await showView(home, "Knowledge");
	await dashboard.getByRole("link", { name: GAP }).click();
	await dashboard.getByRole("textbox", { name: "Answer, given word for word" }).fill(`${ANSWER} Ask at the desk.`);
	await dashboard.getByRole("button", { name: "Save", exact: true }).click();
	await says(home, "is saved, and found from now on");
	await ask(home, GAP, "Ask at the desk.");
}

async function changesTheColour(home: Home): Promise<void> {
	const { dashboard, site } = home;
	const colour = () =>
		site
			.locator("koby-chat")
			.evaluate((host) => getComputedStyle(host.shadowRoot?.querySelector("button") ?? host).backgroundColor);
	await showView(home, "Look, privacy");
	await dashboard.getByLabel("Colour").fill("#7c2d12");
	await expect.poll(colour).toBe("rgb(124, 45, 18)");
	await dashboard.getByLabel("Before the first message").selectOption("required");
	await says(home, "Before the first message: saved.");
	await expect.poll(() => site.getByRole("button", { name: /agree/i }).count()).toBe(1);
	await dashboard.getByLabel("Before the first message").selectOption("none");
	await expect.poll(() => site.getByRole("button", { name: /agree/i }).count()).toBe(0);
}

async function getsALead(home: Home): Promise<void> {
	const { site } = home;
	await site.getByRole("textbox", { name: "Your message" }).waitFor();
	await ask(home, "Do you sell toothbrush holders?", "I do not know that");
	await site.getByRole("textbox", { name: "E-mail" }).fill("sam.rivers@example.com");
	await home.page.keyboard.press("Enter");
	await showView(home, "Leads");
	await says(home, "sam.rivers@example.com");
}

async function pays(home: Home): Promise<void> {
	const { page, dashboard } = home;
	await showView(home, "Billing");
	await says(home, "Plan: Chatbot");
	await dashboard.getByRole("button", { name: "Choose Voice" }).click();
	await page.getByRole("heading", { name: "Subscribe to Voice" }).waitFor();
	await page.getByRole("button", { name: "Pay $199.00" }).click();
	await says(home, "Plan: Voice");
	await says(home, "Paid.");
}

async function cancels(home: Home): Promise<void> {
	const { page, dashboard, site } = home;
	await showView(home, "Billing");
	await dashboard.getByRole("button", { name: "Manage the subscription" }).click();
	await page.getByRole("button", { name: /end of the month/ }).click();
	await page.getByRole("button", { name: "Keep the subscription" }).waitFor();
	await page.getByRole("link", { name: "Back to the dashboard" }).click();
	await says(home, "Ends on");
	await dashboard.getByRole("button", { name: "Manage the subscription" }).click();
	await page.getByRole("button", { name: "Keep the subscription" }).click();
	await page.getByRole("button", { name: "Cancel now" }).click();
	await page.getByRole("heading", { name: "No subscription" }).waitFor();
	await page.getByRole("link", { name: "Back to the dashboard" }).click();
	await says(home, "Churned. The chat is off the website until a plan is bought.");
	await site.getByRole("heading", { level: 1 }).waitFor();
	await expect.poll(() => site.getByRole("button", { name: "Open chat" }).count()).toBe(0);
}

async function changesTheKey(home: Home): Promise<void> {
	const { page, dashboard } = home;
	await showView(home, "Key");
	const before = await page.locator("#site-frame").getAttribute("src");
	await dashboard.getByRole("button", { name: "Change the key" }).click();
	await says(home, "The website has the new key");
	const after = await page.locator("#site-frame").getAttribute("src");
	expect(after).not.toBe(before);
	expect(after).toMatch(/key=sk_pannu_test_\w{24}&/);
}

async function erases(home: Home, stage: Stage): Promise<void> {
	const { dashboard } = home;
	await showView(home, "Conversations");
	await dashboard.getByRole("link", { name: ASKED }).click();
	await dashboard.getByRole("button", { name: "Erase this conversation" }).click();
	await says(home, "Erased");
	await expect.poll(() => dashboard.getByRole("link", { name: ASKED }).count()).toBe(0);
	expect(rows(stage.folder, `SELECT content FROM chat_messages WHERE content = '${ASKED}'`)).toEqual([]);
	await showView(home, "Activity");
	await says(home, "conversation delete");
}
