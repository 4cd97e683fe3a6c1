/**
 * `npm run bench:profile`: which functions of a worker take how much CPU under load, by V8's sampling profiler. The profiler
 * counts time that has passed; shares of it are shown as shares of the CPU that the process took, a hello's included.
 * Options: --tree PATH (default this one), --only TEXT (cases whose name holds it), --seconds N (default 6).
 */
import { parseArgs } from "node:util";
import { ROOT } from "../../local/root.ts";
import { startGenerator } from "../load/load.ts";
import { slice, warmUp } from "../load/measure.ts";
import type { Target } from "../load/measure.ts";
import { CASES } from "./cases.ts";
import { builtTree, play, record } from "./prepare.ts";
import { profileTimes, sourceFiles } from "./self-time.ts";
import type { CpuProfile, SelfTime } from "./self-time.ts";

const { values: options } = parseArgs({
	options: {
		tree: { type: "string", default: ROOT },
		only: { type: "string", default: "" },
		seconds: { type: "string", default: "6" },
	},
});
const seconds = Number(options.seconds);
const INTERVAL_US = 100;
const SHOWN_FUNCTIONS = 45;
const SHOWN_FILES = 25;

interface Inspector {
	call(method: string, params?: object): Promise<unknown>;
	close(): void;
}

/** A connection to workerd's inspector. */
async function inspect(address: string): Promise<Inspector> {
	const socket = new WebSocket(`ws://${address}/main`);
	await new Promise((resolve, reject) => {
		socket.addEventListener("open", resolve, { once: true });
		socket.addEventListener("error", reject, { once: true });
	});
	const waiting = new Map<number, (result: unknown) => void>();
	socket.addEventListener("message", ({ data }) => {
		const { id, result, error } = JSON.parse(String(data));
		if (error !== undefined) console.error(error);
		waiting.get(id)?.(result);
	});
	return {
		call: (method, params = {}) =>
			new Promise((resolve) => {
				const id = waiting.size + 1;
				waiting.set(id, resolve);
				socket.send(JSON.stringify({ id, method, params }));
			}),
		close: () => socket.close(),
	};
}

async function profileUnderLoad(address: string, target: Target): Promise<{ profile: CpuProfile; cpuUs: number }> {
	const warm = await warmUp(generator, target);
	const inspector = await inspect(address);
	await inspector.call("Profiler.enable");
	await inspector.call("Profiler.setSamplingInterval", { interval: INTERVAL_US });
	await inspector.call("Profiler.start");
	const { us: cpuUs } = await slice(generator, warm, seconds);
	const { profile } = (await inspector.call("Profiler.stop")) as { profile: CpuProfile };
	inspector.close();
	return { profile, cpuUs };
}

function print(title: string, all: readonly SelfTime[], shown: number, cpuUs: number): void {
	const total = all.reduce((sum, { us }) => sum + us, 0);
	console.log(`\n${title} | us a request | %`);
	for (const { name, us } of all.slice(0, shown))
		console.log(
			`${((cpuUs * us) / total).toFixed(1).padStart(8)} ${((100 * us) / total).toFixed(1).padStart(5)} %  ${name}`,
		);
}

const generator = startGenerator();
const tree = builtTree(options.tree, { minify: false });
try {
	for (const one of CASES.filter(({ name }) => name.includes(options.only))) {
		const { served, target } = await play(await record(tree, one), true);
		const { profile, cpuUs } = await profileUnderLoad(served.inspector ?? "", target);
		served.stop();
		const files = sourceFiles((await tree.source(one.worker)).script);
		const { functions, charged, byFile } = profileTimes(profile, files);
		console.log(`\n=== ${one.name}: ${cpuUs.toFixed(0)} us of CPU a request, profiler on`);
		print("by function", functions, SHOWN_FUNCTIONS, cpuUs);
		print("by function of ours, with what it called of the runtime", charged, SHOWN_FUNCTIONS, cpuUs);
		print("by file, with what it called of the runtime", byFile, SHOWN_FILES, cpuUs);
	}
} finally {
	generator.stop();
}
