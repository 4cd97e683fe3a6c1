/**
 * The load, in a process of its own: what it costs must not be taken for the workers' cost, nor wait for the event loop of
 * the measuring process.
 */
import autocannon from "autocannon";
import type { LoadOrder, LoadReport } from "./load.ts";

/** How often autocannon looks whether it is done, ms. */
const SAMPLE_MS = 50;

async function run({ url, method, headers, body, connections, requests }: LoadOrder): Promise<LoadReport> {
	const began = performance.now();
	const result = await autocannon({
		url,
		method,
		headers,
		...(body === undefined ? {} : { body }),
		connections: Math.min(connections, requests),
		amount: requests,
		sampleInt: SAMPLE_MS,
		timeout: 30,
	});
	return {
		seconds: (performance.now() - began) / 1000,
		answered: result["2xx"],
		failed: result.non2xx + result.errors + result.timeouts,
	};
}

process.on("message", (order: LoadOrder) => {
	run(order).then(
		(report) => process.send?.(report),
		(error: unknown) => {
			console.error(error);
			process.exit(1);
		},
	);
});
process.on("disconnect", () => process.exit());
