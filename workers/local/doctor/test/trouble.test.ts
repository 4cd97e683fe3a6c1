import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runScript } from "../../check/command.ts";
import { ROOT } from "../../root.ts";
import { UsageError, parseArguments } from "../arguments.ts";
import { report } from "../report.ts";
import type { Servers } from "./servers.ts";
import { startServers } from "./servers.ts";
import { faultsIn, findingsOf, goodSetup } from "./set-up.ts";
import type { TestSetup } from "./set-up.ts";

let servers: Servers;
let folder: string;

beforeAll(async () => {
	servers = await startServers();
	folder = mkdtempSync(join(tmpdir(), "koby-doctor-"));
});
afterAll(async () => {
	rmSync(folder, { recursive: true, force: true });
	await servers.close();
});

function printed(text: string, exitCode: number | null = 1) {
	return { exitCode, stdout: "", output: text };
}

/** The checks that are not as they should be, with how the sentence ends. */
async function told(change: (setup: TestSetup) => void): Promise<string[]> {
	const setup = await goodSetup(servers);
	change(setup);
	return faultsIn(await findingsOf(setup)).map(({ check, message }) => `${check}: ${message}`);
}

describe("where nobody can be asked", () => {
	it.each([
		["✘ [ERROR] You are not logged in. Run `wrangler login`.", 1, "wrangler is not logged in"],
		["In a non-interactive environment, it's necessary to set a CLOUDFLARE_API_TOKEN", 1, "wrangler is not logged in"],
		["✘ [ERROR] fetch failed", 1, "wrangler cannot reach Cloudflare"],
		["", null, "wrangler gave no answer in time"],
	])("for the sake of wrangler, it says so in a line a check: %s", async (text, exitCode, why) => {
		expect(await told((setup) => Object.assign(setup, { broken: printed(text, exitCode) }))).toEqual([
			`cloudflare: Of the account nothing is known: ${why}.`,
			`secrets: The secrets of chadis-chat, chadis-voice, chadis-voice-conversation are not known: ${why}.`,
			`database: Whether koby-portal-db exists is not known: ${why}.`,
			"stripe.prices: Prices are not looked at, as the plans are not known.",
		]);
	});

	it("for the sake of the network, it says so in a line for each server", async () => {
		const unreachable = Object.assign(new Error("fetch failed"), { cause: { code: "ENOTFOUND" } });
		const setup = await goodSetup({ ...servers, fetch: () => Promise.reject(unreachable) });
		setup.broken = printed("✘ [ERROR] fetch failed");
		const lines = faultsIn(await findingsOf(setup)).map(({ check, message }) => `${check}: ${message}`);
		expect(lines.map((line) => line.split(":")[0])).toEqual([
			...["cloudflare", "secrets", "database", "schema", "clerk.keys", "stripe.prices", "stripe.webhook"],
			...["stripe.portal", "gemini.key", "elevenlabs.key", "deployed", "deployed"],
		]);
		expect(lines.filter((line) => /no connection|ENOTFOUND/.test(line)).length).toBeGreaterThan(5);
	});

	it("for the sake of a server that never answers, it goes on without it", async () => {
		const setup = await goodSetup(servers);
		setup.limitMs = 300;
		await setup.fault("CLERK_DOMAIN", { hang: true });
		expect(faultsIn(await findingsOf(setup))).toEqual([
			expect.objectContaining({ check: "clerk.keys", message: expect.stringContaining("did not answer within 0.3 s") }),
		]);
	});
});

describe("wrangler as a program", () => {
	it("is asked for names, databases and rows, and is ended when it takes too long", async () => {
		const setup = await goodSetup(servers);
		const [account, database] = [join(folder, "account.json"), join(folder, "database.sqlite")];
		writeFileSync(account, JSON.stringify(setup.account));
		setup.database.exec(`VACUUM INTO '${database}'`);
		expect(new DatabaseSync(database).prepare("SELECT COUNT(*) AS n FROM plans").get()).toEqual({ n: 3 });
		const program = join(import.meta.dirname, "wrangler.ts");
		setup.wrangler = (args) => runScript(program, [account, database, ...args], ROOT, 30_000);
		expect(faultsIn(await findingsOf(setup))).toEqual([]);
		const sleeper = join(folder, "sleeper.mjs");
		writeFileSync(sleeper, "setInterval(() => {}, 1000);");
		expect(await runScript(sleeper, [], ROOT, 200)).toMatchObject({ exitCode: null });
	});
});

describe("the command line", () => {
	it("means the local default unless an environment is named, and takes a token from either place", () => {
		expect(parseArguments([], {})).toEqual({ place: "local", isJson: false, token: undefined });
		expect(parseArguments(["--local", "--json"], {})).toEqual({ place: "local", isJson: true, token: undefined });
		expect(parseArguments(["--env", "staging"], { STAFF_TOKEN: "a" })).toEqual({
			...{ place: "staging", isJson: false, token: "a" },
		});
		expect(parseArguments(["--env=production", "--token", "b"], { STAFF_TOKEN: "a" }).token).toBe("b");
	});

	it.each([["--env", "test"], ["--remote"], ["--local", "--env", "staging"], ["production"]])(
		"refuses %s %s",
		(...args) => {
			expect(() => parseArguments(args, {})).toThrow(UsageError);
		},
	);

	it("prints a line for each finding and one for each mend, or all as JSON", () => {
		const findings = [
			{ check: "a", level: "ok" as const, message: "Good." },
			{ check: "b", level: "fix" as const, message: "Bad.", mend: "do it" },
		];
		expect(report(findings, "staging", false)).toEqual({
			text: `ok    ${"a".padEnd(20)}  Good.\nfix   ${"b".padEnd(20)}  Bad.\n      → do it\n\nstaging: 1 ok, 0 warn, 1 fix`,
			exitCode: 1,
		});
		const { text, exitCode } = report(findings, "staging", true);
		expect([JSON.parse(text), exitCode]).toEqual([{ place: "staging", ok: 1, warn: 0, fix: 1, findings }, 1]);
	});
});
