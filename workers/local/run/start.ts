import { stop as stopBundler } from "esbuild";
import { watchBundles } from "./bundles.ts";
import type { Bundles } from "./bundles.ts";
import { examples } from "./examples.ts";
import { changeWorkers, startRuntime } from "./runtime.ts";
import { Refusal, databaseFlags, readSettings, shown, standInOrigin } from "./settings.ts";
import type { LocalSettings } from "./settings.ts";
import { forgetLimiters, lockState, requireFreePort } from "./state-lock.ts";
import { localVariables } from "./variables.ts";
import { VENDORS, VENDOR_KEYS } from "./vendors.ts";
import type { VendorName } from "./vendors.ts";
import { localWorkers } from "./workers.ts";

const PARENT_POLL_MS = 500;

/** `npm start`: the four deployments, and stand-ins for the vendors without a key, at one address until Ctrl-C. */
async function main(): Promise<void> {
	const settings = readSettings(process.env);
	await requireFreePort(settings.port);
	process.once("exit", await lockState(settings));
	endOnSignals();
	console.log("Starting …");
	forgetLimiters(settings.stateDir);
	const local = localVariables(settings.devVars, standInOrigin(settings.port));
	const { options, unused } = localWorkers(settings, local);
	let reload = (_bundles: Bundles): void => {};
	const runtime = await startRuntime(settings, options(await watchBundles((bundles) => reload(bundles))));
	reload = (bundles) => {
		changeWorkers(runtime, settings, options(bundles)).then(
			() => console.log("Reloaded."),
			(error: unknown) => console.error(error),
		);
	};
	announce(settings, local.standIns, unused);
}

/** What this process started ends with it: workerd by the runtime's own exit handler, the bundler by its own stop. */
function endOnSignals(): void {
	process.once("exit", () => void stopBundler());
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit());
	if (process.env.npm_lifecycle_event === undefined) return;
	// A signal to npm alone ends npm and its shell, and is not passed on.
	const parent = process.ppid;
	setInterval(() => {
		if (process.ppid !== parent) process.exit();
	}, PARENT_POLL_MS).unref();
}

function announce(settings: LocalSettings, standIns: VendorName[], unused: string[]): void {
	const origin = `http://localhost:${settings.port}`;
	const vendors = VENDORS.map((vendor) => {
		const { key } = VENDOR_KEYS[vendor];
		return `  ${vendor.padEnd(11)}${standIns.includes(vendor) ? `stand-in (no ${key} in .dev.vars)` : `real (${key} in .dev.vars)`}`;
	});
	const notes = unused.map((name) => `Not used: ${name} in .dev.vars.`);
	const commands = examples({ origin, standIns, databaseFlags: databaseFlags(settings.stateDir) }).map(
		({ title, command }) => `# ${title}\n${command}`,
	);
	console.log(["", `Ready: ${origin}`, ...vendors, `  Database   ${shown(settings.stateDir)}`, ...notes].join("\n"));
	console.log(["", "# Copy and paste, one or all:", ...commands, "# Ctrl-C ends it.", ""].join("\n"));
}

try {
	await main();
} catch (error) {
	if (!(error instanceof Refusal)) console.error(error);
	else console.error(error.message);
	process.exit(1);
}
