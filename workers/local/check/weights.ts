import { join } from "node:path";
import { makeWidget } from "../build/build-widget.ts";
import type { Check, Verdict } from "./checks.ts";
import { runWrangler } from "./command.ts";
import { WIDGET_LIMIT_BYTES } from "./deployments.ts";
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

/** The weight of what a customer's page loads. */
export function widgetCheck(sizes: Size[]): Check {
	const run = async (): Promise<Verdict> => {
		const bytes = gzipBytes((await makeWidget()).script);
		const kib = bytes / KIB;
		const limit = Number((WIDGET_LIMIT_BYTES / KIB).toFixed(1));
		sizes.push({ name: `widget.js (${bytes} bytes)`, whole: kib, counted: kib, limit });
		return bytes > WIDGET_LIMIT_BYTES
			? `The widget weighs ${bytes} bytes gzip, more than ${WIDGET_LIMIT_BYTES}: find what came in.`
			: undefined;
	};
	return { name: "widget.js", run };
}
