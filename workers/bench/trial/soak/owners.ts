import { ask } from "./client.ts";
import type { Asked } from "./client.ts";
import type { Org, World } from "./world.ts";

const MAX_ENTRIES = 30;
const READS = [
	"overview",
	"engines",
	"workflows",
	"insights",
	"team",
	"config",
	"conversations",
	"billing",
	"knowledge",
	"insights?from=2026-01-01",
	"conversations?limit=50",
] as const;
const ADMIN_READS = ["leads", "audit"] as const;

/** What people at the dashboard do. */
type Deed = (world: World) => Promise<unknown>;

function asMember(world: World, org: Org, action: string, path: string): Asked {
	return {
		action,
		worker: "portal",
		path: `/portal/${path}`,
		org,
		headers: { Authorization: world.dice.pick(org.members) },
	};
}

function asAdmin(world: World, org: Org, action: string, path: string): Asked {
	return { ...asMember(world, org, action, path), headers: { Authorization: world.dice.pick(org.admins) } };
}

export const read: Deed = (world) =>
	ask(world, asMember(world, world.dice.pick(world.orgs), "portal read", world.dice.pick(READS)));

export const readAsAdmin: Deed = (world) =>
	ask(world, asAdmin(world, world.dice.pick(world.orgs), "portal read", world.dice.pick(ADMIN_READS)));

export const readOne: Deed = async (world) => {
	const [first, ...rest] = world.sessions;
	if (first === undefined) return;
	const { org, id } = world.dice.pick([first, ...rest]);
	await ask(world, asMember(world, org, "portal read", `conversations/${id}`));
	const [entry] = org.entries;
	if (entry !== undefined) await ask(world, asMember(world, org, "portal read", `knowledge/${entry}`));
};

export const readAsStaff: Deed = (world) => {
	const org = world.dice.pick(world.orgs);
	const path = world.dice.pick([
		`overview?orgId=${org.id}`,
		`conversations?orgId=${org.id}`,
		"clients",
		"clients?q=soak",
	]);
	const isList = path.startsWith("clients");
	const headers = { Authorization: world.staff };
	return ask(world, {
		action: "portal staff",
		worker: "portal",
		path: `/portal/${path}`,
		org: isList ? null : org,
		headers,
	});
};

export const exportAll: Deed = (world) => {
	const asked = asAdmin(world, world.dice.pick(world.orgs), "export", "export");
	return ask(world, world.dice.happens(0.2) ? { ...asked, leavesAfterMs: world.dice.below(20) } : asked);
};

export const configure: Deed = (world) => {
	const org = world.dice.pick(world.orgs);
	const asked = asAdmin(world, org, "config write", "config");
	const body = { greeting: `Greeting ${world.count()} of ${org.marker}` };
	const stale = world.dice.happens(0.2) ? { "If-Match": 'W/"1"' } : {};
	return ask(world, { ...asked, method: "PATCH", headers: { ...asked.headers, ...stale }, body });
};

function article(world: World, org: Org): object {
	const number = world.count();
	const paragraph = (part: number): string =>
		`Part ${part} of text ${number}: ${org.marker} opens its form for a child. `.repeat(8);
	const body = Array.from({ length: 1 + world.dice.below(20) }, (_, part) => paragraph(part)).join("\n\n");
	return { kind: "article", title: `Article ${number} of ${org.marker}`, body };
}

function curated(org: Org): object {
	return {
		kind: "answer",
		title: `How do I reset it, ${org.marker}?`,
		body: `As ${org.marker} says: press the button.`,
	};
}

/** Writes, rewrites and deletes texts. */
export const writeKnowledge: Deed = async (world) => {
	const org = world.dice.pick(world.orgs);
	const body = world.dice.happens(0.2) ? curated(org) : article(world, org);
	if (org.entries.length < 3 || (org.entries.length < MAX_ENTRIES && world.dice.happens(0.3))) {
		const seen = await ask(world, { ...asAdmin(world, org, "knowledge write", "knowledge"), method: "POST", body });
		const { id }: Record<string, unknown> = Object(seen.body.entry);
		if (typeof id === "string") org.entries.push(id);
		return;
	}
	const [first = "", ...rest] = org.entries;
	const id = world.dice.pick([first, ...rest]);
	const asked = asAdmin(world, org, "knowledge write", `knowledge/${id}`);
	if (world.dice.happens(0.2)) {
		org.entries = org.entries.filter((entry) => entry !== id);
		await ask(world, { ...asked, method: "DELETE" });
	} else await ask(world, { ...asked, method: "PUT", body });
};

export const pay: Deed = (world) => {
	const asked = asAdmin(world, world.dice.pick(world.orgs), "billing", "billing/portal");
	return ask(world, { ...asked, method: "POST", body: {} });
};
