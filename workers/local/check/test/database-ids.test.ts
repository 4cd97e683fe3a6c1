import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "smol-toml";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runScript } from "../command.ts";
import { parseArguments, writeDatabaseId } from "../database-ids.ts";
import { ROOT } from "../../root.ts";

const FILES = ["wrangler-portal.toml", "wrangler-chat.toml", "wrangler-voice.toml"];
const ID = "0f7d2c4e-9a1b-4c3d-8e5f-6a7b8c9d0e1f";
const PRODUCTION = "00000000-0000-0000-0000-000000000000";
const STAGING = "00000000-0000-0000-0000-000000000001";

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "koby-tomls-"));
	for (const file of FILES) {
		copyFileSync(join(ROOT, file), join(folder, file));
		// Whatever the repository holds by now, the copies begin with two ids that are known.
		const ids = parse(read(file));
		const text = read(file).replaceAll(databaseId(ids), PRODUCTION).replaceAll(databaseId(ids, "staging"), STAGING);
		writeFileSync(join(folder, file), text);
	}
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function read(file: string): string {
	return readFileSync(join(folder, file), "utf8");
}

function databaseId(toml: unknown, environment?: string): string {
	const path =
		environment === undefined
			? ["d1_databases", "0", "database_id"]
			: ["env", environment, "d1_databases", "0", "database_id"];
	return String(
		path.reduce<unknown>(
			(value, key) =>
				typeof value === "object" && value !== null
					? Object.entries(value).find(([name]) => name === key)?.[1]
					: undefined,
			toml,
		),
	);
}

describe("writing a database id", () => {
	it.each([
		["production", PRODUCTION],
		["staging", STAGING],
	] as const)("of %s changes those lines in all three files, and nothing else", (environment, old) => {
		const before = FILES.map(read);
		expect(writeDatabaseId(folder, environment, ID)).toEqual(FILES);
		expect(FILES.map(read)).toEqual(
			before.map((text) => text.replaceAll(`database_id = "${old}"`, `database_id = "${ID}"`)),
		);
		expect(FILES.map((file) => read(file).split(ID).length - 1)).toEqual([1, 1, 2]);
	});

	it("can be done again with another id", () => {
		writeDatabaseId(folder, "production", ID);
		writeDatabaseId(folder, "production", PRODUCTION.replace("0", "7"));
		expect(read("wrangler-voice.toml")).not.toContain(ID);
	});

	it("keeps CRLF line ends", () => {
		writeFileSync(join(folder, "wrangler-chat.toml"), read("wrangler-chat.toml").replaceAll("\n", "\r\n"));
		writeDatabaseId(folder, "production", ID);
		expect(read("wrangler-chat.toml").replaceAll("\r\n", "")).not.toContain("\n");
		expect(databaseId(parse(read("wrangler-chat.toml")))).toBe(ID);
	});

	it("refuses the other environment's database, and writes no file", () => {
		const before = FILES.map(read);
		expect(() => writeDatabaseId(folder, "staging", PRODUCTION)).toThrow("staging and production must not share one");
		expect(FILES.map(read)).toEqual(before);
	});

	it("writes no file when one has no such database", () => {
		writeFileSync(join(folder, "wrangler-voice.toml"), 'name = "chadis-voice"\n');
		const before = FILES.map(read);
		expect(() => writeDatabaseId(folder, "production", ID)).toThrow(
			"wrangler-voice.toml has no D1 database of production.",
		);
		expect(FILES.map(read)).toEqual(before);
	});
});

describe("the command line", () => {
	it("takes an environment and an id, in either case", () => {
		expect(parseArguments(["production", ID.toUpperCase()])).toEqual({ environment: "production", id: ID });
	});

	it.each([[[]], [["production"]], [["development", ID]], [[ID, "production"]], [["production", ID, "x"]]])(
		"%j gets the usage",
		(args) => {
			expect(() => parseArguments(args)).toThrow("Use: npm run database-id -- production <database_id>");
		},
	);

	it.each(["", "koby-portal-db", `${ID}0`, ` ${ID}`, ID.replace("-", ""), `"${ID}"`])("%j is no id", (id) => {
		expect(() => parseArguments(["staging", id])).toThrow("is no database id");
	});

	it("of the script ends with 1 and one line for a wrong id", async () => {
		expect(await runScript(join(ROOT, "workers/local/check/database-id.ts"), ["production", "nonsense"])).toMatchObject(
			{
				exitCode: 1,
				output: "nonsense is no database id: it looks like 12345678-1234-1234-1234-123456789abc.\n",
			},
		);
	});
});
