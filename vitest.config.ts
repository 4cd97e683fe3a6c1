import { existsSync, readFileSync, statfsSync } from "node:fs";
import { parseEnv } from "node:util";
import { cloudflareTest } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";
import { BaseSequencer } from "vitest/node";
import type { TestSpecification } from "vitest/node";
import { WIDGET_FILE, WIDGET_MODULE, buildWidget } from "./workers/local/build/build-widget.ts";
import { nodeOutbound } from "./workers/local/run/outbound.ts";
import { SLIM_STRIPE, buildSlimStripe } from "./workers/local/build/slim-stripe.ts";
import { createStandIns } from "./workers/local/stand-ins/index.ts";

// Every outgoing request of a test ends here: the vendors' stand-ins, which refuse what no vendor serves.
// As a Node server, not as a fetch-style function: only that passes a cut on and notices a caller who leaves.
const outboundService = { node: nodeOutbound(createStandIns()) };

// What a deployment gets from its toml, with what a test run needs on top.
const DEVELOPMENT = { ENVIRONMENT: "development" };

const isLogged = process.env.VITEST_LOG !== undefined;
const SETUP = ["workers/lib/test/real-clock.ts", ...(isLogged ? [] : ["workers/lib/test/quiet.ts"])];

// The pool would take the secrets from a .dev.vars: a test has those it names itself.
function noSecrets(name: string): Record<string, string> {
	const names = Object.keys(parseEnv(readFileSync(`workers/${name}/secrets.example`, "utf8")));
	return Object.fromEntries(names.map((secret) => [secret, ""]));
}

// Databases of tests live in memory where there is plenty of it: nothing of them is to last, and a disk makes every commit wait.
const MEMORY_DISK = "/dev/shm";
const ENOUGH_BYTES = 1024 ** 3;
if (existsSync(MEMORY_DISK)) {
	const { bavail, bsize } = statfsSync(MEMORY_DISK);
	if (bavail * bsize > ENOUGH_BYTES) process.env.TMPDIR = MEMORY_DISK;
}

// A slow minute of the machine is no failure; what hangs still ends. A poll ends as soon as it is content.
const PATIENCE = { testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 15_000 } } };

// The SDK and the widget as they are deployed.
await Promise.all([buildSlimStripe(), buildWidget()]);
const ALIASES: Record<string, Record<string, string>> = {
	portal: { stripe: SLIM_STRIPE },
	chat: { [WIDGET_MODULE]: WIDGET_FILE },
};

// For the tests of the limiter itself.
const ratelimits = { LIMITER: { namespace_id: "1", simple: { limit: 5, period: 60 } } };

function worker(name: string, bindings: Record<string, string> = {}, shared: string[] = []) {
	return {
		resolve: { alias: ALIASES[name] ?? {} },
		plugins: [
			cloudflareTest({
				main: `./workers/${name}/index.ts`,
				// As information the runtime tells of each connection that breaks, though the worker has caught it, and the tests break
				// hundreds. Its errors show all the same, and a promise that nobody catches still fails the run.
				verbose: isLogged,
				wrangler: { configPath: `./wrangler-${name}.toml` },
				miniflare: { bindings: { ...DEVELOPMENT, ...noSecrets(name), ...bindings }, ratelimits, outboundService },
			}),
		],
		test: {
			name,
			include: [`workers/${name}/**/test/**/*.test.ts`, ...shared],
			// One runtime for all files of a project halves the time: each test empties the database and brings its own keys and clients.
			isolate: false,
			setupFiles: SETUP,
			...PATIENCE,
		},
	};
}

/** The files that start other programs: one of them at the end of all would leave a core idle. */
const LONGEST = [
	"/run.test.ts",
	"/run/engines.test.ts",
	"/kit/test/client.test.ts",
	"/schema/test/recovery.test.ts",
	"/wrangler-migrations.test.ts",
	"/wrangler.test.ts",
	"/exported.test.ts",
	"/erasure.test.ts",
	"/schema/test/privacy.test.ts",
	"/markdown/words.test.ts",
	"/eval-live.test.ts",
];

/** What takes longest comes first; then project by project, so that a runtime which has read a project's modules goes on with them. */
class LongestFirst extends BaseSequencer {
	override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
		const rank = ({ moduleId, project }: TestSpecification): number => {
			const first = LONGEST.findIndex((name) => moduleId.endsWith(name));
			if (first !== -1) return first;
			return project.name === "node" ? LONGEST.length + 1 : LONGEST.length;
		};
		return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
	}
}

export default defineConfig({
	test: {
		sequence: { sequencer: LongestFirst },
		silent: "passed-only",
		// One more than the cores that the suite is planned for: while it waits, and a browser's tests wait much, the cores are not idle.
		maxWorkers: 3,
		projects: [
			// With what the workers share: a runtime of its own would cost as much as its tests.
			worker("portal", {}, ["workers/lib/**/test/**/*.test.ts", "schema/test/d1/**/*.test.ts"]),
			worker("chat", { GEMINI_API_KEY: "test-gemini-key" }),
			worker("voice", { ELEVENLABS_API_KEY: "test-elevenlabs-key" }),
			{
				test: {
					name: "node",
					include: ["workers/local/**/test/**/*.test.ts", "workers/bench/test/**/*.test.ts", "schema/test/*.test.ts"],
					environment: "node",
					// A process each would cost most of these files more than their tests.
					isolate: false,
					...PATIENCE,
				},
			},
		],
	},
});
