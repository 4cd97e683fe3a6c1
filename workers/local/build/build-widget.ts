/**
 * Builds dist/widget.js: a module that holds what a customer's page loads as text. That is the loader, `/widget.js`, whose digest is its
 * version; the panel and what it imports on use, which are files with a digest in their names; and the types for the page's author.
 * wrangler runs this before it bundles the chat worker ([build] in wrangler-chat.toml); tests and the local default take the
 * same module.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { build, transform } from "esbuild";
import type { BuildOptions, Plugin } from "esbuild";
import { ROOT } from "../root.ts";
import { pressed } from "./pressed.ts";

const VERSION_DIGITS = 16;
const LOADER = "workers/chat/widget/loader/index.ts";
const PANEL = "workers/chat/widget/page/index.ts";
/** The part of a conversation that runs in the browser's thread for sound, which takes a file of its own. */
const RECORDER = "workers/chat/widget/recorder/index.ts";
/** Fetched only where something is wrong. */
const TROUBLE = "workers/chat/widget/trouble/index.ts";
const TYPES = "workers/chat/widget/loader/widget.d.ts";

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

const SHARED = {
	absWorkingDir: ROOT,
	bundle: true,
	minify: true,
	target: "es2022",
	charset: "utf8",
	legalComments: "none",
	write: false,
	metafile: true,
	plugins: [styles],
	logLevel: "error",
} satisfies BuildOptions;

export interface WidgetBuild {
	/** The loader as the worker has it: the places where it writes its own address and the site key are open. */
	script: string;
	/** The other files by their names, `panel.<digest>.js` among them. */
	files: Readonly<Record<string, string>>;
	/** The module that the worker imports. */
	module: string;
	/** The files it was made of. */
	inputs: string[];
}

/** The widget, built from its sources as they are now. */
export async function makeWidget(): Promise<WidgetBuild> {
	const recorder = await makeModule("recorder", RECORDER);
	const [panel, trouble] = await Promise.all([
		makeModule("panel", PANEL, { RECORDER_FILE: JSON.stringify(recorder.entry) }),
		makeModule("trouble", TROUBLE),
	]);
	const loader = await build({
		...SHARED,
		entryPoints: [LOADER],
		format: "iife",
		// Without `strict`, and so without the directive: an optimizer that puts other scripts behind this one would have them obey it.
		tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
		define: { PANEL_FILE: JSON.stringify(panel.entry), TROUBLE_FILE: JSON.stringify(trouble.entry) },
	});
	const files = { ...panel.files, ...trouble.files, ...recorder.files };
	const script = await pressed(loader.outputFiles[0]?.text ?? "", false);
	const types = await readFile(join(ROOT, TYPES), "utf8");
	const values = {
		WIDGET_SCRIPT: script,
		WIDGET_VERSION: createHash("sha256").update(script).digest("hex").slice(0, VERSION_DIGITS),
		WIDGET_FILES: files,
		WIDGET_TYPES: types,
	};
	const lines = Object.entries(values).map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};\n`);
	const modules = [panel, trouble, recorder].flatMap(({ inputs }) => inputs);
	const inputs = [...modules, ...Object.keys(loader.metafile.inputs), TYPES];
	return { script, files, module: lines.join(""), inputs: inputs.map((input) => join(ROOT, input)) };
}

/** A module of the loader's, and a file for each that it imports on use in turn. */
async function makeModule(name: string, entryPoint: string, define: Record<string, string> = {}) {
	const { outputFiles, metafile } = await build({
		...SHARED,
		entryPoints: [entryPoint],
		define,
		format: "esm",
		splitting: true,
		outdir: "dist/widget",
		entryNames: `${name}.[hash]`,
		chunkNames: "[name].[hash]",
	});
	const texts = outputFiles.map(
		async ({ path, text }): Promise<[string, string]> => [basename(path), await pressed(text, true)],
	);
	const files = Object.fromEntries(await Promise.all(texts));
	const entry = Object.keys(files).find((file) => file.startsWith(`${name}.`)) ?? "";
	return { entry, files, inputs: Object.keys(metafile.inputs) };
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
