/**
 * The load, in a process of its own: what it costs must not be taken for the workers' cost, nor wait for the event loop of
 * the measuring process.
 */
import autocannon from "autocannon";
import { median } from "../measure.ts";
import { numberedShot } from "./template.ts";
import type { LoadOrder, LoadReport } from "./load.ts";

/** How often autocannon looks whether it is done, ms. */
const SAMPLE_MS = 50;
/** An answer that takes longer is none, seconds. */
const PATIENCE_SECONDS = 30;

function run(order: LoadOrder): Promise<LoadReport> {
	const { url, method, connections, requests, first } = order;
	const { promise, resolve, reject } = Promise.withResolvers<LoadReport>();
	const times: number[] = [];
	const began = performance.now();
	let next = first ?? 0;
	const setupRequest = (request: autocannon.Request): autocannon.Request => ({ ...request, ...content(order, next++) });
	const instance = autocannon(
		{
			url,
			method,
			connections: Math.min(connections, requests),
			amount: requests,
			sampleInt: SAMPLE_MS,
			timeout: PATIENCE_SECONDS,
			...(first === undefined ? content(order, 0) : { requests: [{ method, setupRequest }] }),
		},
		(error: unknown, result) => {
			if (error) return reject(error);
			resolve({
				seconds: (performance.now() - began) / 1000,
				answered: result["2xx"],
				failed: result.non2xx + result.errors + result.timeouts,
				p50Ms: median(times),
			});
		},
	);
	instance.on("response", (_client, _status, _bytes, responseMs) => times.push(responseMs));
	return promise;
}

function content(order: LoadOrder, n: number): Pick<autocannon.Request, "headers" | "body"> {
	const { headers, body } = numberedShot(order, n);
	return { headers, ...(body === undefined ? {} : { body }) };
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
