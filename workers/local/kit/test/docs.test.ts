import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "../../root.ts";
import { readTyped } from "../arguments.ts";
import { wranglerDatabase } from "../database.ts";
import { writeOf } from "../writes.ts";

const PAGE = readFileSync(join(ROOT, "workers/docs/staff.md"), "utf8");
const COMMANDS = [...new Set(PAGE.match(/npm run client -- [^`\n]+/g))].filter((line) => !line.includes("…"));

/** The words of a command, as a shell tells them apart. */
function wordsOf(command: string): string[] {
	const [, ...words] = command.split(" -- ");
	return Array.from(words.join(" -- ").matchAll(/"([^"]*)"|(\S+)/g), ([, quoted, plain]) => quoted ?? plain ?? "");
}

it("the page for staff has a command of each kind", () => {
	const kinds = COMMANDS.map((command) => wordsOf(command)[0]);
	expect([...new Set(kinds)].sort()).toEqual(["add", "change", "check", "close", "engine", "erase", "list"]);
});

it.each(COMMANDS)("%s is a command that the kit takes", (command) => {
	const typed = readTyped(wordsOf(command));
	if (typed.command === "list" || typed.command === "check") return;
	const { db, textOf } = wranglerDatabase(typed.target);
	const caller = { userId: typed.userId, sessionId: "", orgId: null, role: null, staff: true } as const;
	const write = writeOf(typed, {
		db,
		caller: { ...caller, impersonated: false, impersonatorId: null },
		chatUrl: "http://localhost:8787/chat/",
		now: 0,
	});
	expect(textOf(write.statements("org_x"))).toContain("INSERT INTO audit_log");
});
