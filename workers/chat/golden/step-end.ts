import { ApiError } from "../../lib/http/errors.ts";
import { log } from "../../lib/log.ts";
import type { askGolden } from "./ask.ts";
import type { GoldenResult, StoppedBy } from "./statements.ts";

/** What a step came to. */
export interface StepEnd {
	results: GoldenResult[];
	/** Micro-USD */
	spent: number;
	unspent: number;
	stoppedBy: StoppedBy | null;
}

export const NOTHING: StepEnd = { results: [], spent: 0, unspent: 0, stoppedBy: null };

/** What was answered counts; of what was not nobody knows what it cost, so its reservation stays. */
export function endOf(settled: PromiseSettledResult<Awaited<ReturnType<typeof askGolden>>>[], worst: number): StepEnd {
	const answers = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
	const failed = settled.find((one) => one.status === "rejected");
	const spent = answers.reduce((sum, { costUsdMicros }) => sum + costUsdMicros, 0);
	return {
		results: answers.map(({ result }) => result),
		spent,
		unspent: answers.length * worst - spent,
		stoppedBy: failed === undefined ? null : stopOf(failed.reason),
	};
}

function stopOf(error: unknown): StoppedBy {
	log("warn", "golden_question_failed", { reason: reasonOf(error) });
	return error instanceof ApiError && error.code === "model_unavailable" ? "model_unavailable" : "internal";
}

export function reasonOf(error: unknown): string {
	return error instanceof ApiError ? (error.reason ?? error.code) : "internal";
}
