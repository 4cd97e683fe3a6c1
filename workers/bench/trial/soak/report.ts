import type { Counts } from "../host/messages.ts";
import type { Ledger } from "./ledger.ts";
import type { WorkersLog } from "./log.ts";

/** Prints what was asked and how it ended, what went wrong by our hand, and what the workers said of it. */
export function printTraffic({ outcomes, legacy }: Ledger, { vendor, d1 }: Counts, log: WorkersLog): void {
	const total = [...outcomes.values()].reduce((sum, count) => sum + count, 0);
	console.log(`\n${total} requests; without a key answered: ${legacy.chat} of the chat, ${legacy.voice} clips.`);
	console.log("\n| done | answers by status |\n|---|---|");
	for (const [action, statuses] of byAction(outcomes)) console.log(`| ${action} | ${statuses.join(", ")} |`);
	console.log(`\nVendors: ${vendor.calls} calls, ${vendor.faults} faults (${percent(vendor.faults, vendor.calls)}).`);
	for (const [worker, { batches = 0, ...faults }] of Object.entries(d1)) {
		const count = Object.values(faults).reduce((sum, one) => sum + one, 0);
		const kinds = Object.entries(faults).map(([kind, one]) => `${one} ${kind}`);
		console.log(
			`D1 of ${worker}: ${batches} batches, ${count} faults (${percent(count, batches)}): ${kinds.join(", ")}.`,
		);
	}
	const events = new Map<string, number>();
	for (const { level, event } of log.lines)
		if (level !== "info") events.set(String(event), (events.get(String(event)) ?? 0) + 1);
	console.log(`Log, warnings and errors: ${[...events].map(([event, count]) => `${event} ${count}`).join(", ")}.`);
}

function byAction(outcomes: ReadonlyMap<string, number>): Map<string, string[]> {
	const actions = new Map<string, string[]>();
	for (const [name, count] of [...outcomes].sort()) {
		const at = name.lastIndexOf(" ");
		const list = actions.get(name.slice(0, at)) ?? [];
		actions.set(name.slice(0, at), [...list, `${name.slice(at + 1)}: ${count}`]);
	}
	return actions;
}

function percent(part: number, whole: number): string {
	return `${((100 * part) / Math.max(1, whole)).toFixed(2)} %`;
}
