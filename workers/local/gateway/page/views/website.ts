import { engineOf } from "../api/org.ts";
import type { Engine } from "../api/org.ts";
import { object, text } from "../api/read.ts";
import { el } from "../dom/dom.ts";
import { clock } from "../dom/format.ts";
import { button, card, field, note, row, select, table } from "../dom/parts.ts";
import { WRITERS } from "../frame/view.ts";
import type { Context, View } from "../frame/view.ts";

export const website: View = { id: "website", title: "Key", roles: WRITERS, show };

const GRACE = [
	["24", "for 24 hours more"],
	["1", "for an hour more"],
	["0", "no longer"],
] as const;

function show(place: HTMLElement, context: Context): void {
	const { org } = context;
	const rows = org.engines.map(engineRow);
	const heads = ["Engine", "Key", "Environment", "Status", "Last active"];
	place.replaceChildren(
		...(org.engine === undefined ? [note("This customer has no engine for tests.")] : [keyCard(org.engine, context)]),
		table("Engines", heads, rows),
	);
}

function keyCard({ id, siteKey }: Engine, context: Context): HTMLElement {
	const { api, attempt, go, refresh } = context;
	const grace = select(GRACE, "24");
	const rotate = (): Promise<void> =>
		attempt(async () => {
			const answer = await api.send("POST", `engines/${id}/rotate-key`, { grace_hours: Number(grace.value) });
			const ends = clock(text(answer, "previous_key_expires_at"), Date.now());
			const { siteKey: newKey } = engineOf(object(answer, "engine"));
			await refresh();
			go("website", "", `The website has the new key, ${newKey}. The old one ends: ${ends}.`);
		});
	return card(
		"The line that puts the chat on the website",
		el(
			"pre",
			{ tabindex: 0, role: "group", "aria-label": "The line of HTML" },
			`<script src="${location.origin}/chat/widget.js" data-site-key="${siteKey}" async></script>`,
		),
		note("The key is no secret. A new one is for a website that is not yours any more."),
		row(
			field("The old key works", grace),
			button("Change the key", () => void rotate()),
		),
	);
}

function engineRow({ name, siteKey, environment, status, lastActiveAt }: Engine): HTMLElement {
	return el(
		"tr",
		{},
		el("th", { scope: "row" }, name),
		el("td", {}, el("code", {}, siteKey)),
		el("td", {}, environment),
		el("td", {}, status),
		el("td", {}, lastActiveAt === null ? "never" : clock(lastActiveAt, Date.now())),
	);
}
