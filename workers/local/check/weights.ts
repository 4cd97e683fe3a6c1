import { join } from "node:path";
import { makeWidget } from "../build/build-widget.ts";
import type { Check, Verdict } from "./checks.ts";
import { runWrangler } from "./command.ts";
import { OTHER_WIDGET_FILE_BYTES, WIDGET_LIMITS_BYTES } from "./deployments.ts";
import type { WorkerCode } from "./deployments.ts";
import { KIB, bundleSize, gzipBytes } from "./sizes.ts";
import type { Size } from "./sizes.ts";

/**
 * `wrangler deploy --dry-run` of each of a worker's deployments, and the weight of what it would upload.
 * @param scratch where the bundles may lie
 * @param sizes gets a row for each
 */
export function deployChecks(worker: WorkerCode, scratch: string, sizes: Size[]): Check[] {
	const { folder, environments } = worker;
	return ["", ...environments].map((environment) => {
		const name = environment === "" ? folder : `${folder} --env ${environment}`;
		const outdir = join(scratch, `${folder}-${environment}`);
		return { name: `deploy ${name}`, run: () => deploy(worker, { name, environment, outdir }, sizes) };
	});
}

async function deploy(
	{ config, bundleLimitKib }: WorkerCode,
	{ name, environment, outdir }: { name: string; environment: string; outdir: string },
	sizes: Size[],
): Promise<Verdict> {
	const where = ["--config", config, "--env", environment, "--outdir", outdir];
	const { exitCode, output } = await runWrangler(["deploy", "--dry-run", ...where]);
	if (exitCode !== 0) return `${output}\nThis deployment would be refused: mend what is named above.`;
	const { whole, counted } = bundleSize(outdir);
	sizes.push({ name, whole, counted, limit: bundleLimitKib });
	return counted > bundleLimitKib
		? `The bundle's code weighs ${counted.toFixed(1)} KiB gzip, more than ${bundleLimitKib}: find what came in, or raise bundleLimitKib in workers/local/check/deployments.ts.`
		: undefined;
}

/** An address and a site key as long as they come, which the worker writes into the loader. */
const SERVED = {
	"{{koby-base}}": "https://chadis-chat-staging.kobyai.workers.dev/",
	"{{koby-key}}": "sk_newclient_live_0123456789abcdef",
};

/** The weight of what a customer's page loads, file by file. */
export function widgetCheck(sizes: Size[]): Check {
	const run = async (): Promise<Verdict> => {
		const { script, files } = await makeWidget();
		const served = Object.entries(SERVED).reduce((text, [place, value]) => text.replace(place, value), script);
		const faults = weighWidget({ "widget.js": served, ...files }, sizes);
		return faults.length === 0 ? undefined : faults.join("\n");
	};
	return { name: "the widget's files", run };
}

/** What is wrong with the widget's files, by their names. @param sizes gets a row for each */
export function weighWidget(files: Readonly<Record<string, string>>, sizes: Size[]): string[] {
	return Object.entries(files).flatMap(([file, text]) => {
		const name = file.slice(0, file.indexOf("."));
		const bytes = gzipBytes(text);
		const limit = WIDGET_LIMITS_BYTES[name] ?? OTHER_WIDGET_FILE_BYTES;
		sizes.push({ name: `${name}.js (${bytes} bytes)`, whole: bytes / KIB, counted: bytes / KIB, limit: limit / KIB });
		return [
			...(bytes > limit ? [`${file} weighs ${bytes} bytes gzip, more than ${limit}: find what came in.`] : []),
			...(/^import\b|[;}]import["{*\w]/.test(text) && name === "panel"
				? [`${file} waits for another file: let what it loads on use import nothing of it.`]
				: []),
		];
	});
}
