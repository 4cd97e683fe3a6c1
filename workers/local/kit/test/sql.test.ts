import { expect, it } from "vitest";
import { executeArguments } from "../database.ts";
import { idBySlug, inlined } from "../sql.ts";

it.each([
	["SELECT ?1, ?2", ["a", 1], "SELECT 'a', 1"],
	["SELECT ?2, ?1, ?2", [null, -0.5], "SELECT -0.5, NULL, -0.5"],
	["SELECT '?1', \"?1\", '''?1' -- ?1\n, ?1", ["x"], "SELECT '?1', \"?1\", '''?1' -- ?1\n, 'x'"],
	["SELECT ?1", ["'; DROP TABLE orgs; --"], "SELECT '''; DROP TABLE orgs; --'"],
	["SELECT ?1", ["?1 $& $1 \\ \n?2"], "SELECT '?1 $& $1 \\ \n?2'"],
	["\n\t\tSELECT ?12\n\t\t\tFROM t\n\t", [...Array(11).fill(0), "twelfth"], "SELECT 'twelfth'\nFROM t"],
	["WHERE id = ?1", [idBySlug("o'neil")], "WHERE id = (SELECT id FROM orgs WHERE slug = 'o''neil')"],
])("%s with its values is what wrangler is given", (sql, values, expected) => {
	expect(inlined({ sql, values })).toBe(expected);
});

it.each([[undefined], [Number.NaN], [Number.POSITIVE_INFINITY], [true], [{}]])("%s is no value", (value) => {
	expect(() => inlined({ sql: "SELECT ?1", values: [value] })).toThrow(TypeError);
});

it("a text of SQL is one argument, whatever stands in it", () => {
	const target = { name: "koby-portal-db", flags: ["--config", "wrangler-portal.toml", "--remote"] };
	expect(executeArguments(target, "SELECT 1;\nSELECT '--remote'")).toEqual([
		...["d1", "execute", "koby-portal-db", "--config", "wrangler-portal.toml", "--remote", "--yes", "--json"],
		...["--command", "SELECT 1;\nSELECT '--remote'"],
	]);
});
