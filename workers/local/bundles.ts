import { join } from "node:path";
import { context } from "esbuild";
import type { BuildResult } from "esbuild";
import { Refusal, ROOT } from "./settings.ts";
import { SLIM_STRIPE, buildSlimStripe } from "./slim-stripe.ts";

/** Each worker's code, by the name of its entry here. */
const ENTRIES = {
	portal: "workers/portal/index.ts",
	chat: "workers/chat/index.ts",
	voice: "workers/voice/index.ts",
	gateway: "workers/local/gateway/index.ts",
	standIns: "workers/local/stand-ins/worker.ts",
};

export type Bundles = Readonly<Record<keyof typeof ENTRIES, string>>;

/**
 * Bundles the workers as wrangler does, and again whenever one of their files changes; what does not build is shown and
 * changes nothing.
 * @param onChange is given what has changed since, never the first
 * @returns the first
 * @throws {Refusal} it does not build
 */
export async function watchBundles(onChange: (bundles: Bundles) => void): Promise<Bundles> {
	let current: Bundles | undefined;
	const onEnd = (result: BuildResult): void => {
		if (result.errors.length > 0) return;
		const bundles = bundlesOf(result);
		const isFirst = current === undefined;
		const isSame = JSON.stringify(bundles) === JSON.stringify(current);
		current = bundles;
		if (!isFirst && !isSame) onChange(bundles);
	};
	await buildSlimStripe();
	const bundler = await context({
		absWorkingDir: ROOT,
		entryPoints: ENTRIES,
		outdir: join(ROOT, ".wrangler/local"),
		write: false,
		bundle: true,
		format: "esm",
		target: "es2024",
		conditions: ["workerd", "worker", "browser"],
		mainFields: ["browser", "module", "main"],
		external: ["cloudflare:*", "node:*"],
		alias: { stripe: SLIM_STRIPE },
		loader: { ".css": "text" },
		logLevel: "warning",
		plugins: [{ name: "report", setup: (build) => build.onEnd(onEnd) }],
	});
	await bundler.rebuild().catch(() => undefined);
	if (current === undefined) throw new Refusal("The workers do not build.");
	await bundler.watch();
	return current;
}

function bundlesOf({ outputFiles = [] }: BuildResult): Bundles {
	const text = (entry: keyof typeof ENTRIES): string => outputFiles.find(({ path }) => path.endsWith(`${entry}.js`))?.text ?? "";
	return { portal: text("portal"), chat: text("chat"), voice: text("voice"), gateway: text("gateway"), standIns: text("standIns") };
}
