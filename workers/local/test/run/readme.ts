import { execFile } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { ROOT } from "../../root.ts";
import { rows } from "../local-run.ts";
import type { Stage } from "./stage.ts";

const README_ORIGIN = "http://localhost:8787";

/** A row of "Calling it": what it is about, and its command for the local default. */
interface Row {
	title: string;
	command: string;
}

/** The rows whose commands stand there whole. One that needs a variable has its value in a second span. */
function localRows(): Row[] {
	const [, section = ""] = readFileSync(join(ROOT, "README.md"), "utf8").split("\n## Calling it\n");
	const [table = ""] = section.split("\n## ");
	return table.split("\n").flatMap((line) => {
		const [, title = "", local = ""] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
		const spans = Array.from(local.matchAll(/`([^`]+)`/g), ([, span = ""]) => span).filter((span) =>
			/\bcurl\b/.test(span),
		);
		const command = spans.reverse().join("\n");
		return spans.length === 0 || /<\w+>/.test(command) ? [] : [{ title, command }];
	});
}

/** The commands of the README's table, and what the sample data's golden questions come to. */
export function readmeTests(stage: Stage): void {
	describe("the README's table of calls", () => {
		it("has commands that work by copy and paste, one after the other", async () => {
			const cwd = join(stage.folder, "reader");
			mkdirSync(cwd);
			const found = localRows();
			const titles = found.map(({ title }) => title);
			expect(titles).toEqual(
				expect.arrayContaining(["a token", "portal", "golden questions: a run, and the runs so far"]),
			);
			const commands = found.map(({ command }) => command.replaceAll(README_ORIGIN, stage.run().origin));
			const shell = `set -e\ncurl() { command curl --fail-with-body "$@"; }\n${commands.join("\necho\n")}`;
			const { stdout } = await promisify(execFile)("bash", ["-c", shell], { cwd });
			expect(stdout).toContain('"status":"queued"');
			expect(readFileSync(join(cwd, "hello.mp3"))[0]).toBe(0xff);
		});
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
