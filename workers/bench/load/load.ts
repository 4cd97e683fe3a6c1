import { fork } from "node:child_process";
import { join } from "node:path";

/** A request to send again and again. */
export interface Shot {
	url: string;
	method: "GET" | "POST";
	/** Values and the body may hold the parts that `filled` knows. */
	headers: Record<string, string>;
	body?: string;
}

/** What the generator is to send. */
export interface LoadOrder extends Shot {
	/** Kept alive, each with one request at a time. */
	connections: number;
	requests: number;
	/** The number of the first request; without it all are alike, and made once. */
	first?: number;
}

/** What became of it. */
export interface LoadReport {
	seconds: number;
	answered: number;
	failed: number;
	/** Median time to the last byte, ms. */
	p50Ms: number;
}

export interface Generator {
	/** @throws {Error} a request was not answered with 2xx */
	send(order: LoadOrder): Promise<LoadReport>;
	stop(): void;
}

/** Starts the process that makes the load. */
export function startGenerator(): Generator {
	const child = fork(join(import.meta.dirname, "generator.ts"));
	const send = async (order: LoadOrder): Promise<LoadReport> => {
		const report = await new Promise<LoadReport>((resolve, reject) => {
			const died = (): void => reject(new Error("the load generator ended"));
			child.once("exit", died);
			child.once("message", (message) => {
				child.off("exit", died);
				resolve(message as LoadReport);
			});
			child.send(order);
		});
		if (report.failed > 0 || report.answered !== order.requests)
			throw new Error(`${order.method} ${order.url}: ${report.answered} of ${order.requests} answered with 2xx`);
		return report;
	};
	return { send, stop: () => void child.kill() };
}
