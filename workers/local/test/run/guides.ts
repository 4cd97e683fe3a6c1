import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { PAGES, localSteps } from "../../guides/pages.ts";
import type { Step } from "../../guides/pages.ts";
import { linesFault, shapeFault } from "../../guides/shape.ts";
import { ROOT } from "../../root.ts";
import { freePort, rows } from "../local-run.ts";
import type { Stage } from "./stage.ts";

/** Addresses as the pages name them: of the local default, and of a page of the reader's own. */
const DEFAULT_ORIGIN = "http://localhost:8787";
const OWN_PORT = /\b3000\b/g;
/** For all commands of a page: some start wrangler several times, which takes seconds where the machine is busy. */
const PATIENCE_MS = 180_000;
/** Parts what one step prints from what the next one does. */
const MARK = "=====";

interface Outcome {
	output: string;
	/** Of each curl, in order. */
	statuses: number[];
}

/**
 * Runs the steps of a page in one shell, as its reader would: what one sets, the next one uses. Each curl is the same client's, which no
 * other page is, and tells its status beside its output. npm runs its scripts in the repository, whose files the reader's folder only points to.
 */
async function play(stage: Stage, cwd: string, steps: readonly Step[], client: string): Promise<Outcome[]> {
	const ownPort = String(await freePort());
	const state = join(stage.folder, "state");
	const commands = steps.map(({ command }) =>
		command
			.replaceAll(DEFAULT_ORIGIN, stage.run().origin)
			.replaceAll(OWN_PORT, ownPort)
			.replaceAll(/ --local(?!\S)/g, ` --local --persist-to ${state}`),
	);
	const shell = [
		`curl() { command curl -H "CF-Connecting-IP: ${client}" "$@" -w '%{stderr}%{http_code}\\n'; }`,
		`npm() { command npm --prefix "${ROOT}" "$@"; }`,
		...commands.flatMap((command) => [command, `echo; echo ${MARK}; echo ${MARK} >&2`]),
	].join("\n");
	const { stdout, stderr } = await promisify(execFile)("bash", ["-c", shell], { cwd });
	const errors = stderr.split(MARK);
	return stdout
		.split(`\n${MARK}\n`)
		.slice(0, steps.length)
		.map((output, index) => ({
			output,
			statuses: (errors[index]?.match(/^\d{3}$/gm) ?? []).map(Number),
		}));
}

/** What is wrong with what a step came to; undefined = nothing. */
function faultOf({ answer }: Step, { output, statuses }: Outcome): string | undefined {
	if (answer?.format === "text") return linesFault(answer.text, output);
	const shown: unknown = answer === undefined ? undefined : JSON.parse(answer.text);
	const isRefusal = answer !== undefined && /^\{\s*"error"/.test(answer.text);
	const unexpected = statuses.filter((status) => status >= 400 !== isRefusal);
	if (unexpected.length > 0) return `answered ${unexpected.join(" ")}: ${output}`;
	return answer === undefined ? undefined : shapeFault(shown, JSON.parse(output));
}

/** A folder that looks to the reader's commands as the repository does, and takes what they write. */
function readersFolder(stage: Stage, name: string): string {
	const cwd = join(stage.folder, name);
	mkdirSync(cwd);
	for (const entry of readdirSync(ROOT)) if (!entry.startsWith(".")) symlinkSync(join(ROOT, entry), join(cwd, entry));
	return cwd;
}

/** The commands of README and guides, and what the sample data's golden questions come to. */
export function guideTests(stage: Stage): void {
	describe("the local commands of README and guides", () => {
		const pages = PAGES.map((page) => ({ page, steps: localSteps(page) })).filter(({ steps }) => steps.length > 0);

		it.each(pages)(
			"of $page work by copy and paste, one after the other, and answer what is shown",
			async ({ page, steps }) => {
				const cwd = readersFolder(stage, page.replaceAll(/\W/g, "-"));
				const outcomes = await play(stage, cwd, steps, `10.7.0.${PAGES.indexOf(page) + 1}`);
				expect(outcomes).toHaveLength(steps.length);
				const faults = steps.flatMap((step, index) => {
					const outcome = outcomes[index];
					const fault = outcome === undefined ? "did not run" : faultOf(step, outcome);
					return fault === undefined ? [] : [`${step.place}: ${fault}`];
				});
				expect(faults).toEqual([]);
				if (page === "README.md") expect(readFileSync(join(cwd, "hello.mp3"))[0]).toBe(0xff);
			},
			PATIENCE_MS,
		);
	});

	it("the golden questions of the demo customers were asked last night, and each was answered as it should be", async () => {
		const runs = (): unknown[] =>
			rows(
				stage.folder,
				"SELECT org_id, status, total, asked, passed FROM golden_runs WHERE origin = 'nightly' ORDER BY org_id, created_at LIMIT 2",
			);
		const passed = { status: "completed", total: 6, asked: 6, passed: 6 };
		await expect.poll(runs).toEqual([
			{ org_id: "org_chadis", ...passed },
			{ org_id: "org_pannu_dental", ...passed },
		]);
		expect(rows(stage.folder, "SELECT faults, answer FROM golden_results WHERE verdict = 'failed'")).toEqual([]);
	});
}
