import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runBiome } from "../../check/command.ts";
import { ROOT } from "../../root.ts";
import { createClient } from "../local-client.ts";
import { createFolder, removeFolder, startLocal } from "../local-run.ts";
import { EXAMPLE_FILES, examplesOf } from "./recording.ts";
import { playAll } from "./scenario.ts";

// `npm run api-examples`: plays every operation against a run of its own and keeps what was asked and answered for the descriptions.
const folder = createFolder();
const run = await startLocal(folder);
try {
	const played = await playAll(createClient(run.origin));
	for (const [file, workers] of Object.entries(EXAMPLE_FILES)) {
		const all = workers.map(
			(worker) =>
				[
					worker,
					examplesOf(
						played.filter((one) => one.worker === worker),
						run.port,
					),
				] as const,
		);
		const [[, only] = []] = all;
		const path = join(ROOT, "workers", file);
		writeFileSync(path, `${JSON.stringify(workers.length === 1 ? only : Object.fromEntries(all), undefined, "\t")}\n`);
		console.log(
			`${file}: ${all.map(([worker, examples]) => `${Object.keys(examples).length} operations of ${worker}`).join(", ")}`,
		);
	}
	// The formatter puts a short list on one line, which JSON.stringify never does.
	const files = Object.keys(EXAMPLE_FILES).map((file) => join("workers", file));
	const { exitCode, output } = await runBiome(["format", "--write", ...files]);
	if (exitCode !== 0) throw new Error(output);
	const failed = played.filter(({ status }) => status >= 500);
	if (failed.length > 0)
		throw new Error(failed.map(({ operationId, status }) => `${operationId} answered ${status}`).join("\n"));
} finally {
	await run.interrupt();
	removeFolder(folder);
}
