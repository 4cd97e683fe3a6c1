import { createStandIns } from "../index.ts";
import type { OwnStandIns } from "../index.ts";
import type { Call, Fault } from "../wire.ts";

export interface Harness {
	standIns: OwnStandIns;
	fetch(url: string, init?: RequestInit): Promise<Response>;
	/** A POST with a JSON body. */
	post(url: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
	/** A command of the control API. */
	control(path: string, body: unknown): Promise<Response>;
	faults(credential: string, ...faults: Fault[]): Promise<void>;
	calls(credential: string): Promise<Call[]>;
}

/** Stand-ins of a test's own, called in process. */
export function harness(options?: Parameters<typeof createStandIns>[0]): Harness {
	const standIns = createStandIns(options);
	const call = (url: string, init?: RequestInit) => standIns.fetch(new Request(url, init));
	const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
		call(url, {
			method: "POST",
			headers: { "content-type": "application/json", ...headers },
			body: JSON.stringify(body),
		});
	const control = (path: string, body: unknown) => post(`http://stand-ins.test/control/${path}`, body);
	return {
		standIns,
		fetch: call,
		post,
		control,
		async faults(credential, ...faults) {
			const { status } = await control("faults", { credential, faults });
			if (status !== 204) throw new Error(`Setting faults answered ${status}.`);
		},
		async calls(credential) {
			const response = await call(`http://stand-ins.test/control/calls?credential=${encodeURIComponent(credential)}`);
			const calls: Call[] = JSON.parse(await response.text());
			return calls;
		},
	};
}
