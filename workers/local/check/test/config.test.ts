import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import { SWEEP_CRON } from "../../../lib/site/sweep/sweep-cron.ts";
import { WORKERS } from "../deployments.ts";
import { tomlVariables } from "../../guides/toml-variables.ts";
import { ROOT } from "../../root.ts";

type Table = Record<string, unknown>;

/** One deployment of a toml: its top level, or one of its environments. */
interface Block {
	/** Such as `chat` or `voice staging`. */
	title: string;
	environment: "production" | "staging";
	table: Table;
	/** The block whose staging this is, or whose bindings it must repeat. */
	repeats: string | undefined;
}

/** What a toml says once for all its environments. */
const INHERITED = [
	"main",
	"compatibility_date",
	"compatibility_flags",
	"keep_vars",
	"minify",
	"keep_names",
	"upload_source_maps",
	"build",
	"alias",
	"env",
	"$schema",
];
const NAMES: Record<string, string> = {
	portal: "koby-portal",
	"portal staging": "koby-portal-staging",
	chat: "chadis-chat",
	"chat staging": "chadis-chat-staging",
	voice: "chadis-voice",
	"voice conversation": "chadis-voice-conversation",
	"voice staging": "chadis-voice-staging",
	"voice staging-conversation": "chadis-voice-conversation-staging",
};

const tomls = WORKERS.map(({ folder, config }) => ({ folder, config, text: readFileSync(join(ROOT, config), "utf8") }));
const blocks = tomls.flatMap(({ folder, text }) => blocksOf(folder, table(parse(text))));
const everyBlock = blocks.map((block) => [block.title, block] as const);
const repeatingBlocks = everyBlock.filter(([, { repeats }]) => repeats !== undefined);

function table(value: unknown): Table {
	return typeof value === "object" && value !== null && !Array.isArray(value)
		? Object.fromEntries(Object.entries(value))
		: {};
}

function tables(value: unknown): Table[] {
	return Array.isArray(value) ? value.map(table) : [];
}

function blocksOf(folder: string, toml: Table): Block[] {
	const environments = Object.entries(table(toml["env"])).map(([name, value]): Block => {
		const counterpart = name.startsWith("staging-") ? ` ${name.slice("staging-".length)}` : "";
		return {
			title: `${folder} ${name}`,
			environment: name.startsWith("staging") ? "staging" : "production",
			table: table(value),
			repeats: folder + counterpart,
		};
	});
	return [{ title: folder, environment: "production", table: toml, repeats: undefined }, ...environments];
}

function ownKeys(block: Table): string[] {
	return Object.keys(block)
		.filter((key) => !INHERITED.includes(key))
		.sort();
}

function repeated(block: Block): Table {
	return blocks.find(({ title }) => title === block.repeats)?.table ?? {};
}

/** Every text of a value, keys included. */
function texts(value: unknown): string[] {
	if (typeof value === "object" && value !== null)
		return Object.entries(value).flatMap(([key, inner]) => [key, ...texts(inner)]);
	return [String(value)];
}

const databases = ({ table: { d1_databases: list } }: Block): Table[] =>
	tables(list).map(({ migrations_dir: _, ...database }) => database);
const limiters = ({ table: { ratelimits: list } }: Block): Table[] => tables(list);

describe("the deployments", () => {
	it("are the eight that the workers are known by", () => {
		expect(Object.fromEntries(blocks.map((block) => [block.title, block.table["name"]]))).toEqual(NAMES);
	});

	it("are the ones that npm run check builds", () => {
		expect(
			WORKERS.flatMap(({ folder, environments }) => [
				folder,
				...environments.map((name) => `${folder} ${name}`),
			]).sort(),
		).toEqual(Object.keys(NAMES).sort());
	});

	it("share no route", () => {
		const routes = blocks.flatMap((block) => tables(block.table["routes"]).map(({ pattern }) => pattern));
		expect(routes.sort()).toEqual(["portal-worker.koby.ai", "staging.portal-worker.koby.ai"]);
	});

	it("share no limiter namespace", () => {
		const ids = blocks.flatMap(limiters).map(({ namespace_id: id }) => id);
		expect(new Set(ids).size).toBe(ids.length);
	});

	it.each(["production", "staging"] as const)("of %s share one database", (environment) => {
		const used = blocks.filter((block) => block.environment === environment).map(databases);
		const name = environment === "production" ? "koby-portal-db" : "koby-portal-db-staging";
		const [first] = used;
		expect(first).toEqual([
			{ binding: "DB", database_name: name, database_id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
		]);
		for (const other of used) expect(other).toEqual(first);
		// Staff run migrations by the portal's toml, and by no other.
		const folders = blocks.map(({ title, table: { d1_databases: list } }) => [
			title,
			tables(list)[0]?.["migrations_dir"],
		]);
		expect(folders.filter(([, folder]) => folder !== undefined)).toEqual([
			["portal", "schema/migrations"],
			["portal staging", "schema/migrations"],
		]);
	});

	it("sweep when the portal knows that it is not the daily run, and daily beside it", () => {
		const crons = blocks
			.filter(({ title }) => title.startsWith("portal"))
			.map((block) => table(block.table["triggers"])["crons"]);
		expect(crons).toEqual([
			["17 3 * * *", SWEEP_CRON],
			["17 3 * * *", SWEEP_CRON],
		]);
	});

	it("ask golden questions every minute and embed what is new every five, in every environment of the chat", () => {
		const crons = blocks
			.filter(({ title }) => title.startsWith("chat"))
			.map((block) => table(block.table["triggers"])["crons"]);
		expect(crons).toEqual([
			["* * * * *", SWEEP_CRON],
			["* * * * *", SWEEP_CRON],
		]);
	});

	it("of the portal test a question by the variables that the chat answers it by", () => {
		// Nobody on a website waits for the portal's embedding.
		const own = ["ENVIRONMENT", "MAX_BODY_BYTES", "GEMINI_EMBEDDING_TIMEOUT_MS", "SECURITY_CONTACT"];
		for (const suffix of ["", " staging"]) {
			const [portal = {}, chat = {}] = ["portal", "chat"].map((name) =>
				table(blocks.find(({ title }) => title === name + suffix)?.table["vars"]),
			);
			const shared = Object.keys(portal).filter((name) => Object.hasOwn(chat, name) && !own.includes(name));
			expect(shared).toHaveLength(10);
			for (const name of shared) expect([name, portal[name]]).toEqual([name, chat[name]]);
		}
	});

	it("of staging have a database that is not production's", () => {
		const ids = (environment: string): unknown[] =>
			blocks
				.filter((block) => block.environment === environment)
				.flatMap(databases)
				.map(({ database_id: id }) => id);
		expect(ids("production").filter((id) => ids("staging").includes(id))).toEqual([]);
	});
});

describe.each(everyBlock)("%s", (_, block) => {
	it("knows its environment", () => {
		expect(table(block.table["vars"])["ENVIRONMENT"]).toBe(block.environment);
	});

	it("names no host of this machine, and no http", () => {
		const { env: _inner, ...own } = block.table;
		expect(texts(own).filter((text) => /localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|http:\/\//.test(text))).toEqual([]);
	});

	it("is observed, without request URLs and headers", () => {
		expect(block.table["observability"]).toEqual({
			enabled: true,
			logs: { invocation_logs: false, head_sampling_rate: 1 },
		});
	});

	it("keeps every secret out", () => {
		const secrets: string[] =
			readFileSync(join(ROOT, `workers/${block.title.split(" ")[0]}/secrets.example`), "utf8").match(/^\w+/gm) ?? [];
		expect(secrets.length).toBeGreaterThan(0);
		expect(Object.keys(table(block.table["vars"])).filter((name) => secrets.includes(name))).toEqual([]);
		expect(Object.keys(block.table)).not.toContain("secrets");
	});

	it("says where it is reached: on its own domain, or on workers.dev without previews", () => {
		const hasRoute = block.table["routes"] !== undefined;
		expect([block.table["workers_dev"], block.table["preview_urls"]]).toEqual([!hasRoute, false]);
	});
});

// An environment inherits no variable and no binding, and does inherit routes: each says everything itself.
describe.each(repeatingBlocks)("%s repeats everything:", (_, block) => {
	it("every key", () => {
		const keys = ownKeys(repeated(block));
		// A deployment may have more than its sister (a schedule, say), but no more than its own staging.
		expect(ownKeys(block.table)).toEqual(block.environment === "staging" ? keys : expect.arrayContaining(keys));
	});

	it("every variable", () => {
		expect(Object.keys(table(block.table["vars"]))).toEqual(Object.keys(table(repeated(block)["vars"])));
	});

	it("every limiter, as tight", () => {
		const limits = (list: unknown): unknown[] => tables(list).map(({ name, simple }) => ({ name, simple }));
		expect(limits(block.table["ratelimits"])).toEqual(limits(repeated(block)["ratelimits"]));
	});

	it("where it runs", () => {
		expect(block.table["placement"]).toEqual(repeated(block)["placement"]);
	});
});

describe.each(tomls.map(({ config, text }) => [config, text] as const))("%s", (_, text) => {
	const variables = tomlVariables(text);

	// Kept ones would outlive their line: a person who was taken out of STAFF_USER_IDS would go on being staff. Wrangler reads the key
	// at the top level alone, for every environment.
	it("is all that says what the variables are, in every environment, which the operator's guide says as well", () => {
		expect(table(parse(text))["keep_vars"]).toBe(false);
		expect(text.match(/^keep_vars\b/gm)).toHaveLength(1);
		expect(readFileSync(join(ROOT, "workers/docs/operator.md"), "utf8")).toMatch(
			/variable[^.|]*Cloudflare's dashboard[^.|]*next deploy[^.|]*\(`keep_vars = false`/s,
		);
	});

	it("explains every variable on its line", () => {
		expect(variables.length).toBeGreaterThan(0);
		expect(variables.filter(({ comment }) => comment === undefined)).toEqual([]);
	});

	it("names defaults that are the values", () => {
		const wrong = variables.filter(({ value, comment }) => {
			const named = /\(default ([^)]+)\)/.exec(comment ?? "")?.[1];
			return named !== undefined && named !== value;
		});
		expect(wrong).toEqual([]);
	});
});
