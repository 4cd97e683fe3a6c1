import { join } from "node:path";
import { build } from "esbuild";
import type { Recording } from "./recording.ts";

/** One of the entries in `inside/`, as a module that imports koby-worker and koby-recording. */
export async function insideModule(name: "played" | "recorder" | "hello"): Promise<string> {
	const { outputFiles } = await build({
		entryPoints: [join(import.meta.dirname, "inside", `${name}.ts`)],
		bundle: true,
		write: false,
		format: "esm",
		target: "es2024",
		external: ["koby-worker", "koby-recording"],
		logLevel: "warning",
	});
	return outputFiles[0]?.text ?? "";
}

/** What a run inside workerd imports as koby-recording. */
export function recordingModule(recording: Recording): string {
	return `export default ${JSON.stringify(recording)};\n`;
}
