import { runWrangler } from "./command.ts";
import { WORKERS, typesArguments } from "./deployments.ts";

// `npm run types`: writes each worker's env.d.ts anew from its toml and the names of its secrets.
for (const worker of WORKERS) {
	const path = `workers/${worker.folder}/env.d.ts`;
	const { exitCode, output } = await runWrangler(typesArguments(worker, path));
	if (exitCode === 0) console.log(`Wrote ${path}`);
	else {
		console.error(output);
		process.exitCode = 1;
	}
}
