import { describe, expect, it } from "vitest";
import { LATENCY_BOUNDS_MS, LATENCY_COLUMNS, latencyColumn, latencyPercentile } from "../latency.ts";

function histogram(latencies: number[]): number[] {
	const counts = LATENCY_COLUMNS.map(() => 0);
	for (const latency of latencies) {
		const index = LATENCY_COLUMNS.indexOf(latencyColumn(latency));
		counts[index] = (counts[index] ?? 0) + 1;
	}
	return counts;
}

function bucketOf(latency: number): number {
	return LATENCY_COLUMNS.indexOf(latencyColumn(latency));
}

describe("the latency histogram", () => {
	it("has one column more than bounds, its bounds ascending", () => {
		expect(LATENCY_COLUMNS).toHaveLength(LATENCY_BOUNDS_MS.length + 1);
		expect([...LATENCY_BOUNDS_MS].sort((a, b) => a - b)).toEqual([...LATENCY_BOUNDS_MS]);
	});

	it.each([
		[0, "latency_b00"],
		[100, "latency_b00"],
		[101, "latency_b01"],
		[20_000, "latency_b14"],
		[20_001, "latency_b15"],
	])("counts %d ms in %s", (latency, column) => {
		expect(latencyColumn(latency)).toBe(column);
	});

	it("has no percentile while it is empty", () => {
		expect(latencyPercentile(histogram([]), 0.5)).toBeNull();
	});

	it("gives percentiles within one bucket of the exact value", () => {
		for (let seed = 1; seed <= 50; seed++) {
			let state = seed * 7919;
			const random = (): number => {
				state = (state * 48271) % 2147483647;
				return state / 2147483647;
			};
			const latencies = Array.from({ length: 1 + ((seed * 37) % 400) }, () =>
				Math.floor(30 * Math.exp(random() * 6.5)),
			).sort((a, b) => a - b);
			for (const quantile of [0.5, 0.95, 0.99]) {
				const exact = latencies[Math.max(0, Math.ceil(quantile * latencies.length) - 1)] ?? Number.NaN;
				const estimate = latencyPercentile(histogram(latencies), quantile) ?? Number.NaN;
				expect(Math.abs(bucketOf(estimate) - bucketOf(exact))).toBeLessThanOrEqual(1);
			}
		}
	});
});
