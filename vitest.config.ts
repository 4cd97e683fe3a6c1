import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { cloudflareTest } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";
import { BaseSequencer } from "vitest/node";
import type { TestSpecification } from "vitest/node";
import { WIDGET_FILE, WIDGET_MODULE, buildWidget } from "./workers/local/build-widget.ts";
import { nodeOutbound } from "./workers/local/outbound.ts";
import { SLIM_STRIPE, buildSlimStripe } from "./workers/local/slim-stripe.ts";
import { createStandIns } from "./workers/local/stand-ins/index.ts";

// Every outgoing request of a test ends here: the vendors' stand-ins, which refuse what no vendor serves.
// As a Node server, not as a fetch-style function: only that passes a cut on and notices a caller who leaves.
const outboundService = { node: nodeOutbound(createStandIns()) };

// What a deployment gets from its toml, with what a test run needs on top.
const DEVELOPMENT = { ENVIRONMENT: "development" };

// The pool would take the secrets from a .dev.vars: a test has those it names itself.
function noSecrets(name: string): Record<string, string> {
	const names = Object.keys(parseEnv(readFileSync(`workers/${name}/secrets.example`, "utf8")));
	return Object.fromEntries(names.map((secret) => [secret, ""]));
}

// A slow minute of the machine is no failure; what hangs still ends.
const PATIENCE = { testTimeout: 20_000, hookTimeout: 30_000 };

// The SDK and the widget as they are deployed.
await Promise.all([buildSlimStripe(), buildWidget()]);
const ALIASES: Record<string, Record<string, string>> = { portal: { stripe: SLIM_STRIPE }, chat: { [WIDGET_MODULE]: WIDGET_FILE } };

function worker(name: string, bindings: Record<string, string> = {}) {
	return {
		resolve: { alias: ALIASES[name] ?? {} },
		plugins: [
			cloudflareTest({
				main: `./workers/${name}/index.ts`,
				wrangler: { configPath: `./wrangler-${name}.toml` },
				miniflare: { bindings: { ...DEVELOPMENT, ...noSecrets(name), ...bindings }, outboundService },
			}),
		],
		test: {
			name,
			include: [`workers/${name}/test/**/*.test.ts`],
			// One runtime for all files of a project halves the time: each test empties the database and brings its own keys and clients.
			isolate: false,
			...PATIENCE,
		},
	};
}

/**
 * The files that start programs of their own come first, side by side: while they wait, one runtime after the other goes through
 * its project's files. In the order of names up to three runtimes of the same project start at once, and each reads all modules.
 */
class ProgramsFirst extends BaseSequencer {
	override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
		const sorted = await super.sort(files);
		const isProgram = ({ project }: TestSpecification): boolean => project.name === "node";
		return [...sorted.filter(isProgram), ...sorted.filter((file) => !isProgram(file))];
	}
}

export default defineConfig({
	test: {
		sequence: { sequencer: ProgramsFirst },
		silent: "passed-only",
		// Many tests wait for a time limit, so one more than the two cores that the suite is planned for.
		maxWorkers: 3,
		projects: [
			worker("portal"),
			worker("chat", { GEMINI_API_KEY: "test-gemini-key" }),
			worker("voice", { ELEVENLABS_API_KEY: "test-elevenlabs-key" }),
			{
				plugins: [
					cloudflareTest({
						miniflare: {
							compatibilityDate: "2026-08-15",
							d1Databases: { DB: "lib" },
							ratelimits: { LIMITER: { namespace_id: "1", simple: { limit: 5, period: 60 } } },
							outboundService,
						},
					}),
				],
				test: { name: "lib", include: ["workers/lib/test/**/*.test.ts", "schema/test/d1/**/*.test.ts"], isolate: false, ...PATIENCE },
			},
			{
				test: {
					name: "node",
					include: ["workers/local/test/**/*.test.ts", "workers/bench/test/**/*.test.ts", "schema/test/*.test.ts"],
					environment: "node",
					...PATIENCE,
				},
			},
		],
	},
});
