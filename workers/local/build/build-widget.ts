/**
 * Builds dist/widget.js: a module that holds the widget's bundle as text, and a digest of it as its version.
 * wrangler runs this before it bundles the chat worker ([build] in wrangler-chat.toml); tests and the local default take the
 * same module.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build, transform } from "esbuild";
import type { Plugin } from "esbuild";
import { ROOT } from "../root.ts";

const VERSION_DIGITS = 16;

/** What the chat worker imports it by. */
export const WIDGET_MODULE = "koby-widget";
/** Where the module lies. */
export const WIDGET_FILE = join(ROOT, "dist/widget.js");

/** A style sheet as text, minified. */
const styles: Plugin = {
	name: "styles",
	setup({ onLoad }) {
		onLoad({ filter: /\.css$/ }, async ({ path }) => {
			const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
			return { contents: code.trim(), loader: "text" };
		});
	},
};

export interface WidgetBuild {
	/** The script as it is served. */
	script: string;
	/** The module that the worker imports. */
	module: string;
	/** The files it was made of. */
	inputs: string[];
}

/** The widget, built from its sources as they are now. */
export async function makeWidget(): Promise<WidgetBuild> {
	const { outputFiles, metafile } = await build({
		absWorkingDir: ROOT,
		entryPoints: ["workers/chat/widget/page/index.ts"],
		bundle: true,
		minify: true,
		format: "iife",
		target: "es2022",
		charset: "utf8",
		legalComments: "none",
		write: false,
		metafile: true,
		plugins: [styles],
		logLevel: "error",
	});
	const script = outputFiles[0]?.text ?? "";
	const version = createHash("sha256").update(script).digest("hex").slice(0, VERSION_DIGITS);
	const module = `export const WIDGET_SCRIPT = ${JSON.stringify(script)};\nexport const WIDGET_VERSION = ${JSON.stringify(version)};\n`;
	return { script, module, inputs: Object.keys(metafile.inputs).map((input) => join(ROOT, input)) };
}

/** Writes WIDGET_FILE anew. */
export async function buildWidget(): Promise<void> {
	const { module } = await makeWidget();
	await mkdir(dirname(WIDGET_FILE), { recursive: true });
	await writeFile(WIDGET_FILE, module);
}

/** For a bundler that watches: the module follows the widget's sources. */
export const widgetPlugin: Plugin = {
	name: "widget",
	setup({ onResolve, onLoad }) {
		let watchFiles: string[] = [];
		onResolve({ filter: new RegExp(`^${WIDGET_MODULE}$`) }, ({ path }) => ({ path, namespace: "widget" }));
		onLoad({ filter: /.*/, namespace: "widget" }, async () => {
			try {
				const { module, inputs } = await makeWidget();
				watchFiles = inputs;
				return { contents: module, watchFiles };
			} catch (error) {
				// Without the files it would never look again.
				return { errors: [{ text: error instanceof Error ? error.message : String(error) }], watchFiles };
			}
		});
	},
};
