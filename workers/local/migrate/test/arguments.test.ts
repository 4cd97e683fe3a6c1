import { expect, it } from "vitest";
import { targetOf } from "../arguments.ts";

const CONFIG = ["--config", "wrangler-portal.toml"];

it.each([
	["--remote", "koby-portal-db", ["--remote"]],
	["--remote --env staging", "koby-portal-db-staging", ["--remote", "--env", "staging"]],
	["--remote --env=staging", "koby-portal-db-staging", ["--remote", "--env", "staging"]],
	["--local --persist-to staging", "koby-portal-db", ["--local", "--persist-to", "staging"]],
])("npm run migrate -- %s acts on %s", (line, name, flags) => {
	expect(targetOf(line.split(" "))).toEqual({ name, flags: [...CONFIG, ...flags] });
});

it.each([
	"",
	"--env staging",
	"--local --remote",
	"--remote --env production",
	"--remote --persist-to x",
	"--remot",
	"x",
])("npm run migrate -- %s is told how it is used", (line) => {
	expect(() => targetOf(line.split(" ").filter((word) => word !== ""))).toThrow(/^Use: npm run migrate/);
});
