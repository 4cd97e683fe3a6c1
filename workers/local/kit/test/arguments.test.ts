import { describe, expect, it } from "vitest";
import { Misuse, readTyped } from "../arguments.ts";
import { clientBody, engineBody, newClientBody } from "../bodies.ts";
import { chatUrlOf } from "../chat-url.ts";

const CONFIG = ["--config", "wrangler-portal.toml"];
const typed = (...args: string[]) => readTyped(args);

describe("npm run client", () => {
	it.each([
		[["--remote"], "koby-portal-db", ["--remote"], "--remote", "production"],
		[
			["--remote", "--env", "staging"],
			"koby-portal-db-staging",
			["--remote", "--env", "staging"],
			"--remote --env staging",
			"staging",
		],
		[
			["--local", "--persist-to", "x"],
			"koby-portal-db",
			["--local", "--persist-to", "x"],
			"--local --persist-to x",
			"local",
		],
	])("list %s acts on its own database", (args, name, flags, place, environment) => {
		const { target, ...others } = typed("list", ...args);
		expect(target).toEqual({ name, flags: [...CONFIG, ...flags] });
		expect(others).toMatchObject({ place, environment });
	});

	it("says who it was", () => {
		expect(typed("list", "--local", "--as", "jane@koby.ai").userId).toBe("cli:jane@koby.ai");
		expect(typed("list", "--local").userId).toMatch(/^cli:[A-Za-z0-9_.@-]+$/);
	});

	it.each([
		[[], /^Use: npm run client/],
		[["--local"], /^Use: npm run client/],
		[["lits", "--local"], /^There is no command lits\.\nUse:/],
		[["list"], /^Say where: add --local or --remote\./],
		[["list", "--local", "--remote"], /^Say where/],
		[["list", "--remote", "--env", "production"], /^--env takes staging/],
		[["list", "--local", "--env", "staging"], /^--env takes staging/],
		[["list", "--remote", "--persist-to", "x"], /^--persist-to goes with --local/],
		[["add", "--local"], /^add wants 1 words behind it, each in quotes\./],
		[["add", "New", "Client", "--local"], /^add wants 1 words/],
		[["check", "a", "b", "--local"], /^check wants 0 to 1 words/],
		[["close", "a", "--local", "--plan", "voice"], /^close does not take --plan\./],
		[["list", "--local", "--limit", "5"], /--limit/],
		[["add", "N", "--local", "--as", "a b"], /^Say who you are/],
	])("%j is told what to type", (args, message) => {
		expect(() => typed(...args)).toThrow(message);
		expect(() => typed(...args)).toThrow(Misuse);
	});
});

describe("what is typed becomes", () => {
	it("the body that makes a client", () => {
		const { options } = typed(
			...["add", "N", "--local", "--slug", "n", "--plan", "voice", "--status", "trialing", "--clerk-org-id", "org_2a"],
			...["--engine", "E", "--type", "voice", "--origin", "https://a.com", "--origin", "https://b.com"],
			...["--greeting", "Hi", "--price", "99.5", "--budget", "0", "--share", "30", "--lock"],
		);
		expect(newClientBody("N", options)).toEqual({
			...{ name: "N", slug: "n", plan: "voice", status: "trialing", clerk_org_id: "org_2a", status_locked: true },
			...{ client_share_percent: 30, daily_budget_usd_micros: 0, monthly_price_usd_micros: 99_500_000 },
			engine: { name: "E", type: "voice", allowed_origins: ["https://a.com", "https://b.com"] },
			config: { greeting: "Hi" },
		});
		expect(newClientBody("N", typed("add", "N", "--local").options)).toEqual({ name: "N", engine: {}, config: {} });
	});

	it("a patch, in which none takes a field back", () => {
		const { options } = typed(
			...["change", "c", "--local", "--clerk-org-id", "none", "--price", "none", "--budget", "none", "--unlock"],
		);
		expect(clientBody(options)).toEqual({
			...{ clerk_org_id: null, monthly_price_usd_micros: null, daily_budget_usd_micros: null, status_locked: false },
		});
	});

	it("an engine without its twin", () => {
		expect(engineBody(typed("engine", "c", "E", "--local", "--no-test").options)).toEqual({ with_test: false });
		expect(engineBody(typed("engine", "c", "E", "--local").options)).toEqual({});
	});

	it.each([
		[["--lock", "--unlock"], "Type one of --lock and --unlock."],
		[["--share", "a lot"], "--share takes a whole number, such as --share 30."],
		[["--price", "99,50"], "--price takes USD, such as --price 99.50, or none."],
		[["--budget", "-1e3"], "--budget takes USD, such as --budget 99.50, or none."],
	])("nothing of %j", (args, message) => {
		const [option = "", value = ""] = args;
		const words = value.startsWith("-1") ? [`${option}=${value}`] : args;
		expect(() => clientBody(typed("change", "c", "--local", ...words).options)).toThrow(message);
	});
});

it.each([
	["local", "http://localhost:9000/chat/"],
	["production", "https://chadis-chat.kobyai.workers.dev/"],
	["staging", "https://chadis-chat-staging.kobyai.workers.dev/"],
] as const)("an embed line of %s names its own chat", (environment, url) => {
	expect(chatUrlOf(environment, 9000)).toBe(url);
});
