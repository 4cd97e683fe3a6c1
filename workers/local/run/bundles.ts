import { join } from "node:path";
import { build, context } from "esbuild";
import type { BuildResult, Plugin } from "esbuild";
import { widgetPlugin } from "../build/build-widget.ts";
import { Refusal } from "./settings.ts";
import { SLIM_STRIPE, buildSlimStripe } from "../build/slim-stripe.ts";
import { ROOT } from "../root.ts";

/** Each worker's code, by the name of its entry here. */
const ENTRIES = {
	portal: "workers/portal/index.ts",
	chat: "workers/chat/index.ts",
	voice: "workers/voice/index.ts",
	gateway: "workers/local/gateway/index.ts",
	standIns: "workers/local/stand-ins/worker.ts",
};

/** What the gateway imports the browser script of its page by, as text. */
const PAGE_SCRIPT = "koby-local-page";

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
		plugins: [widgetPlugin, pageScriptPlugin, { name: "report", setup: (build) => build.onEnd(onEnd) }],
	});
	await bundler.rebuild().catch(() => undefined);
	if (current === undefined) throw new Refusal("The workers do not build.");
	await bundler.watch();
	return current;
}

function bundlesOf({ outputFiles = [] }: BuildResult): Bundles {
	const text = (entry: keyof typeof ENTRIES): string =>
		outputFiles.find(({ path }) => path.endsWith(`${entry}.js`))?.text ?? "";
	return {
		portal: text("portal"),
		chat: text("chat"),
		voice: text("voice"),
		gateway: text("gateway"),
		standIns: text("standIns"),
	};
}

/** The script follows its sources, also out of a fault in them. Made for a browser, so not part of the gateway's own bundle. */
const pageScriptPlugin: Plugin = {
	name: "page-script",
	setup({ onResolve, onLoad }) {
		let watchFiles: string[] = [];
		onResolve({ filter: new RegExp(`^${PAGE_SCRIPT}$`) }, ({ path }) => ({ path, namespace: "page-script" }));
		onLoad({ filter: /.*/, namespace: "page-script" }, async () => {
			try {
				const { script, inputs } = await makePageScript();
				watchFiles = inputs;
				return { contents: script, loader: "text", watchFiles };
			} catch (error) {
				return { errors: [{ text: error instanceof Error ? error.message : String(error) }], watchFiles };
			}
		});
	},
};

async function makePageScript(): Promise<{ script: string; inputs: string[] }> {
	const { outputFiles, metafile } = await build({
		absWorkingDir: ROOT,
		entryPoints: ["workers/local/gateway/page/index.ts"],
		bundle: true,
		format: "iife",
		target: "es2022",
		charset: "utf8",
		write: false,
		metafile: true,
		logLevel: "silent",
	});
	return { script: outputFiles[0]?.text ?? "", inputs: Object.keys(metafile.inputs).map((input) => join(ROOT, input)) };
}
