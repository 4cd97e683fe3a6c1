import { availableParallelism } from "node:os";

/** What is wrong and what to do about it; undefined when all is well; why nothing can be said. */
export type Verdict = string | undefined | { skipped: string };

export interface Check {
	name: string;
	run(): Promise<Verdict>;
}

/** Runs the checks, as many at once as there are processors, and says how each went. */
export async function runAll(checks: readonly Check[]): Promise<Verdict[]> {
	const waiting = [...checks];
	const verdicts: Verdict[] = [];
	const work = async (): Promise<void> => {
		for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) verdicts.push(await runOne(check));
	};
	await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work));
	return verdicts;
}

async function runOne({ name, run }: Check): Promise<Verdict> {
	const startedAt = performance.now();
	const verdict = await run().catch((error: unknown) => String(error));
	const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
	if (typeof verdict === "object") console.log(`skip   ${name}: ${verdict.skipped}`);
	else console.log(`${verdict === undefined ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
	if (typeof verdict === "string") console.log(verdict.trim().replace(/^/gm, "       "));
	return verdict;
}
