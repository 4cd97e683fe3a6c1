import type { Block, Facts, Table } from "../facts.ts";
import { fix, unlessFaulty } from "../finding.ts";
import type { Finding } from "../finding.ts";
import { configFlags, header, tables, textAt } from "../tables.ts";

const CHECK = "limiters";

/** Whether every limiter counts by itself: two of one namespace count each other's requests. */
export function judgeLimiters({ blocks }: Facts): Finding[] {
	const limiters = blocks.flatMap((block) => tables(block.table["ratelimits"]).map((limiter) => ({ block, limiter })));
	const taken = new Set<string>();
	const all = new Set(limiters.map(({ limiter }) => textAt(limiter, "namespace_id")));
	const faults = limiters.flatMap(({ block, limiter }) => {
		const id = textAt(limiter, "namespace_id");
		const isFirst = !taken.has(id);
		taken.add(id);
		return isFirst ? [] : [shared(block, limiter, id, freeId(id, all))];
	});
	return unlessFaulty(faults, CHECK, `Each of ${limiters.length} limiters counts by itself.`);
}

function freeId(id: string, all: ReadonlySet<string>): number {
	const start = Number(id) || 1000;
	return Array.from({ length: all.size + 2 }, (_, n) => start + n).find((one) => !all.has(String(one))) ?? start;
}

function shared(block: Block, limiter: Table, id: string, free: number): Finding {
	const name = textAt(limiter, "name");
	return fix(
		CHECK,
		`${name} of ${block.title} shares the namespace ${id} with another limiter.`,
		`namespace_id = "${free}" in ${header(block, "ratelimits", true)} ${name} of ${block.config}, then: npx wrangler deploy ${configFlags(block)}`,
	);
}
