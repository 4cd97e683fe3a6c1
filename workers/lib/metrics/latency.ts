/**
 * Upper bounds of the latency histogram's buckets, ms; the last bucket has none. They grow by about 1.4, so a percentile
 * read from them is within one bucket of the exact value.
 */
export const LATENCY_BOUNDS_MS = [
	100, 200, 300, 450, 650, 900, 1250, 1750, 2500, 3500, 5000, 7000, 10_000, 14_000, 20_000,
] as const;

/** The histogram's columns in metrics_daily, in the order of the bounds, the open one last. */
export const LATENCY_COLUMNS = [
	"latency_b00",
	"latency_b01",
	"latency_b02",
	"latency_b03",
	"latency_b04",
	"latency_b05",
	"latency_b06",
	"latency_b07",
	"latency_b08",
	"latency_b09",
	"latency_b10",
	"latency_b11",
	"latency_b12",
	"latency_b13",
	"latency_b14",
	"latency_b15",
] as const;

/** A column of the histogram. */
export type LatencyColumn = (typeof LATENCY_COLUMNS)[number];

/** The column that counts a latency. @param latencyMs ms, 0 or more */
export function latencyColumn(latencyMs: number): LatencyColumn {
	const index = LATENCY_BOUNDS_MS.findIndex((bound) => latencyMs <= bound);
	return LATENCY_COLUMNS[index] ?? "latency_b15";
}

/**
 * A percentile of a histogram, ms, interpolated within its bucket; null when nothing was counted.
 * @param counts one number per column
 * @param quantile above 0, at most 1
 */
export function latencyPercentile(counts: readonly number[], quantile: number): number | null {
	const total = counts.reduce((sum, count) => sum + count, 0);
	if (total === 0) return null;
	const rank = Math.max(1, Math.ceil(quantile * total));
	let below = 0;
	for (const [index, count] of counts.entries()) {
		if (below + count >= rank) return interpolate(index, (rank - below) / count);
		below += count;
	}
	return null;
}

function interpolate(index: number, share: number): number {
	const last = LATENCY_BOUNDS_MS.length - 1;
	const lower = index === 0 ? 0 : (LATENCY_BOUNDS_MS[Math.min(index - 1, last)] ?? 0);
	const upper = LATENCY_BOUNDS_MS[Math.min(index, last)] ?? lower;
	return Math.round(lower + (upper - lower) * share);
}
