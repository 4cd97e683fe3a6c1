import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { NEEDS_FFMPEG, hasFfmpeg } from "../ffmpeg.ts";
import { printedCommands } from "../local-run.ts";
import type { Stage } from "./stage.ts";
import { ROOT } from "../../root.ts";

/** The commands that the run prints. */
export function printedTests(stage: Stage): void {
	describe("what the run prints", () => {
		it("prints commands that work by copy and paste", async () => {
			const cwd = join(stage.folder, "elsewhere");
			mkdirSync(cwd);
			for (const name of ["node_modules", "package.json", "wrangler-portal.toml"])
				symlinkSync(join(ROOT, name), join(cwd, name));
			// Around curl, which says nothing of a refusal: each status on a line of the error stream.
			const curl = `curl() { command curl "$@" -w '\\n%{stderr}%{http_code}\\n'; }`;
			// The runtime that wrangler starts gives up at once where the run is writing to the database just then.
			const npx = `npx() { command npx "$@" || { sleep 3; command npx "$@"; }; }`;
			const shell = `set -e\n${curl}\n${npx}\n${printedCommands(stage.run())}`;
			const { stdout, stderr } = await promisify(execFile)("bash", ["-c", shell], { cwd });
			expect(stderr.match(/^\d{3}$/gm)?.join(" ")).toBe(
				["200", ..."200 ".repeat(6).trim().split(" "), ..."200 ".repeat(10).trim().split(" "), "201", "200"].join(" "),
			);
			for (const text of [
				'"recent_sessions"',
				'"top_questions"',
				"Hello from the portal!",
				'"earlier_weight":0.8',
				'"origin":"nightly"',
				'"next_cursor"',
				"a system of online screening questionnaires",
				'"unanswered":true',
				"event: done",
				'"signed_url"',
				"received",
				'"started_at"',
			])
				expect(stdout).toContain(text);
			expect(readFileSync(join(cwd, "hello.mp3"))[0]).toBe(0xff);
		});

		it.skipIf(!hasFfmpeg)(`prints a voice command whose clip plays from end to end (${NEEDS_FFMPEG})`, async () => {
			const cwd = join(stage.folder, "listener");
			mkdirSync(cwd);
			const command =
				printedCommands(stage.run())
					.split("\n")
					.find((line) => line.endsWith("-o hello.mp3")) ?? "false";
			await promisify(execFile)("bash", ["-c", command], { cwd });
			const entries = "format=duration:stream=codec_name,sample_rate";
			const probe = spawnSync("ffprobe", ["-v", "error", "-show_entries", entries, "-of", "json", "hello.mp3"], {
				cwd,
				encoding: "utf8",
			});
			expect([probe.status, probe.stderr]).toEqual([0, ""]);
			const { streams, format } = Object(JSON.parse(probe.stdout));
			expect(streams).toEqual([{ codec_name: "mp3", sample_rate: "22050" }]);
			expect(Number(format.duration)).toBeGreaterThan(0);
			const decoding = spawnSync("ffmpeg", ["-v", "error", "-i", "hello.mp3", "-f", "null", "-"], {
				cwd,
				encoding: "utf8",
			});
			expect([decoding.status, decoding.stderr]).toEqual([0, ""]);
		});
	});
}
