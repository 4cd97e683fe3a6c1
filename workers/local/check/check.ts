import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runAll } from "./checks.ts";
import { WORKERS } from "./deployments.ts";
import { foldersCheck } from "./folders.ts";
import { platformsCheck } from "./platforms.ts";
import { printSizes } from "./sizes.ts";
import type { Size } from "./sizes.ts";
import { biomeCheck, compileChecks, knipCheck, typesCheck } from "./tools.ts";
import { deployChecks, widgetCheck } from "./weights.ts";

// `npm run check`: all that can be said of the code without running it.
const scratch = mkdtempSync(join(tmpdir(), "koby-check-"));
try {
	const sizes: Size[] = [];
	const verdicts = await runAll([
		...WORKERS.flatMap((worker) => deployChecks(worker, scratch, sizes)),
		...WORKERS.map((worker) => typesCheck(worker, scratch)),
		...compileChecks(),
		biomeCheck,
		knipCheck,
		foldersCheck,
		widgetCheck(sizes),
		platformsCheck,
	]);
	printSizes(sizes);
	const failed = verdicts.filter((verdict) => typeof verdict === "string").length;
	const skipped = verdicts.filter((verdict) => typeof verdict === "object").length;
	const passed = verdicts.length - failed - skipped;
	console.log(`\nchecks: ${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`);
	if (failed > 0) process.exitCode = 1;
} finally {
	rmSync(scratch, { recursive: true, force: true });
}
