import { getClient } from "../../portal/clients/client.ts";
import { getClients } from "../../portal/clients/list/clients.ts";
import { parseDetails, parseListed } from "./answers.ts";
import type { Listed } from "./answers.ts";
import type { Typed } from "./arguments.ts";
import { findClient } from "./find.ts";
import { detailLines, table, usd } from "./show.ts";
import type { Writing } from "./writes.ts";

const FILTERS = ["attention", "status", "plan", "q", "sort"] as const;

/** `list`: a line for each client, and why it wants looking at. */
export async function listClients(typed: Typed, { db, now }: Writing): Promise<void> {
	const clients = await allClients(typed.options, db, now);
	if (typed.options.json) return console.log(JSON.stringify(clients, null, 2));
	const lines = clients.map(({ id, name, plan, status, attention, messages, cost, margin, lastActive }) => [
		...[id, name, plan, status, String(messages), usd(cost), margin === null ? "?" : usd(margin)],
		...[lastActive?.slice(0, 10) ?? "never", attention.join(", ")],
	]);
	const heads = ["ID", "NAME", "PLAN", "STATUS", "MESSAGES 30D", "COST 30D", "MARGIN", "LAST ACTIVE", "LOOK AT"];
	console.log(table([heads, ...lines]));
	console.log(`\n${clients.length} clients. Type next: npm run client -- check ID ${typed.place}`);
}

async function allClients(options: Typed["options"], db: D1Database, now: number): Promise<Listed[]> {
	const params = new URLSearchParams({ limit: "100" });
	for (const name of FILTERS) {
		const value = options[name];
		if (value !== undefined) params.set(name, value);
	}
	const all: Listed[] = [];
	for (;;) {
		const { clients, next } = await parseListed(await getClients(db, params, now));
		all.push(...clients);
		if (next === null) return all;
		params.set("cursor", next);
	}
}

/** `check`: what of a client is set up, and what is to be typed next; of all clients where none is named. */
export async function checkClients(typed: Typed, { db, caller, chatUrl, now }: Writing): Promise<void> {
	const [named] = typed.words;
	const ids =
		named === undefined
			? (await allClients(typed.options, db, now)).map(({ id }) => id)
			: [await findClient(db, named)];
	const bodies: unknown[] = [];
	for (const id of ids) {
		const body: unknown = await (await getClient(db, caller, id, chatUrl, now)).json();
		bodies.push(body);
		if (!typed.options.json) console.log(`${detailLines(parseDetails(body), typed).join("\n")}\n`);
	}
	if (typed.options.json) console.log(JSON.stringify(bodies, null, 2));
}
