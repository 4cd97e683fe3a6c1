import { globSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../../root.ts";
import { REFERENCE_PAGE, generated } from "../generated.ts";
import { PAGES, blocksOf, localSteps, pagesThere, readPage } from "../pages.ts";

/** What a block may be marked with: commands by where they run, what they answer, and what is no command. */
const INFOS = [
	"sh local",
	"sh production",
	"sh setup",
	"ts production",
	"html production",
	"json answer",
	"text answer",
];
const NO_COMMANDS = ["html", "mermaid", "ts", "tsx"];
const MAX_README_LINES = 200;
const MAX_PICTURE_BYTES = 150_000;

/** As GitHub makes an anchor of a heading. */
function anchorOf(heading: string): string {
	return heading
		.toLowerCase()
		.replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, "")
		.replaceAll(" ", "-");
}

function anchors(page: string): string[] {
	const withoutCode = readPage(page).replaceAll(/^```[\s\S]*?^```$/gm, "");
	return [...withoutCode.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));
}

/** The links of a page, as paths from the top with their anchors. */
function linksOf(page: string): { path: string; anchor: string }[] {
	return [...readPage(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].map(
		([, path = "", anchor = ""]) => ({
			path: path === "" ? page : normalize(join(dirname(page), path)),
			anchor,
		}),
	);
}

describe("the pages", () => {
	it("are all listed, and all reached from the README", () => {
		expect(pagesThere().sort()).toEqual([...PAGES].sort());
		expect(
			PAGES.filter((page) => page !== "README.md" && !linksOf("README.md").some(({ path }) => path === page)),
		).toEqual([]);
	});

	it(`begin with a README of at most ${MAX_README_LINES} lines, whose pictures are there and small`, () => {
		expect(readPage("README.md").split("\n").length).toBeLessThanOrEqual(MAX_README_LINES);
		const pictures = linksOf("README.md").filter(({ path }) => /\.(?:webp|png|svg)$/.test(path));
		expect(pictures.length).toBeGreaterThanOrEqual(2);
		for (const { path } of pictures) expect(statSync(join(ROOT, path)).size).toBeLessThanOrEqual(MAX_PICTURE_BYTES);
	});

	it("name every npm script", () => {
		const { scripts }: { scripts: Record<string, string> } = JSON.parse(readPage("package.json"));
		const text = PAGES.map(readPage).join("\n");
		const isNamed = (script: string): boolean => new RegExp(`(?:npm run |npm |\`)${script}(?![\\w:-])`).test(text);
		expect(Object.keys(scripts).filter((script) => !isNamed(script))).toEqual([]);
	});

	it.each(PAGES)("%s marks each of its blocks", (page) => {
		const unmarked = blocksOf(readPage(page)).filter(({ info }) => ![...INFOS, ...NO_COMMANDS].includes(info));
		expect(unmarked).toEqual([]);
	});

	// The README's stand in the columns of its table.
	it.each(PAGES.filter((page) => page !== "README.md"))("%s has a twin in production for what runs locally", (page) => {
		const sections = readPage(page).split(/^(?=#{1,3} (?![^\n]*\n```))/m);
		const alone = sections.filter((section) => {
			const infos = blocksOf(section).map(({ info }) => info);
			return infos.includes("sh local") && !infos.some((info) => info.endsWith("production"));
		});
		expect(alone).toEqual([]);
	});

	it("have local commands each, but those that are looked up in, with what most of them answer", () => {
		const without = PAGES.filter((page) => localSteps(page).length === 0);
		expect(without).toEqual(["workers/docs/reference.md", "workers/docs/contributing.md"]);
		const steps = PAGES.flatMap(localSteps);
		expect(steps.length).toBeGreaterThan(50);
		expect(steps.filter(({ answer }) => answer !== undefined).length).toBeGreaterThan(30);
	});

	it.each(PAGES)("%s links to headings that are there", (page) => {
		const broken = linksOf(page).filter(
			({ path, anchor }) => anchor !== "" && path.endsWith(".md") && !anchors(path).includes(anchor),
		);
		expect(broken).toEqual([]);
	});

	it.each(PAGES)("%s has local commands that are whole, and calls the local default nowhere else", (page) => {
		const steps = localSteps(page);
		const cut = steps.filter(({ command }) => /…|<[a-z]+_[a-z_]+>|<id>/.test(command));
		expect(cut).toEqual([]);
		const calls = (text: string): number => text.match(/\bcurl\b[^\n`]*localhost:8787/g)?.length ?? 0;
		const run = steps.map(({ command }) => calls(command)).reduce((sum, count) => sum + count, 0);
		expect(calls(readPage(page))).toBe(run);
	});
});

describe("the reference", () => {
	it("is as it is generated from the source (else: npm run reference)", async () => {
		expect(readPage(REFERENCE_PAGE)).toBe(await generated(readPage(REFERENCE_PAGE)));
	});
});

// What stands in the handbook in these words.
describe("the README has in the handbook's own words", () => {
	it.each([
		"`koby-portal`",
		"`chadis-chat`",
		"`chadis-voice`",
		"`chadis-voice-conversation`",
		"portal-worker.koby.ai",
		"chadis-chat.kobyai.workers.dev",
		"chadis-voice.kobyai.workers.dev",
		"chadis-voice-conversation.kobyai.workers.dev",
		"`koby-portal-db`",
		"`schema/portal-schema.sql`",
		'`curl -H "Authorization: Bearer <clerk_jwt>" https://portal-worker.koby.ai/portal/overview`',
		"?orgId=xxx",
		...["overview", "engines", "workflows", "insights", "team", "clients", "config"].map((name) => `/portal/${name}`),
		"sk_chadis_live_abc123",
		'`{"response","session_id","latency_ms"}`',
		'`{"message"}`',
		'`{"text"}` answers `audio/mpeg`',
		"`site_inactive`",
		"`org_inactive`",
		"member, admin, staff",
		"development, staging, production",
		...["CLERK_DOMAIN", "CLERK_SECRET_KEY", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"],
		...["GEMINI_API_KEY", "ELEVENLABS_API_KEY"],
		"wrangler d1 execute koby-portal-db --file schema/portal-schema.sql",
		'wrangler d1 execute koby-portal-db --command "SELECT * FROM orgs;"',
		'--command "SELECT * FROM chat_sessions ORDER BY started_at DESC LIMIT 10;"',
		'--command "SELECT * FROM metrics_daily ORDER BY date DESC LIMIT 10;"',
		"INSERT INTO orgs (id, name, slug, plan) VALUES ('org_newclient', 'New Client', 'new-client', 'chatbot');",
		"INSERT INTO portal_sites (id, org_id, site_key, name, type) VALUES ('site_newclient', 'org_newclient', 'sk_newclient_live_xxx', 'Main Chatbot', 'chatbot');",
	])("%s", (line) => {
		expect(readPage("README.md")).toContain(line);
	});
});

describe("the table of alerts", () => {
	const [, section = ""] = readPage("workers/docs/operator.md").split("\n### Alerts\n");
	const [table = ""] = section.split("\n## ");
	const told = table.split("\n").flatMap((row) => {
		const [, cell = ""] = row.split("|");
		const [names = ""] = cell.split(/ with | at /);
		return Array.from(names.matchAll(/`(\w+)`/g), ([, name = ""]) => name);
	});

	/** The events of lines that are written as warnings or errors, at times or always. */
	function written(): string[] {
		const sources = globSync("workers/{lib,portal,chat,voice}/**/*.ts", { cwd: ROOT, exclude: ["**/test/**"] })
			.map((path) => readFileSync(join(ROOT, path), "utf8"))
			.join("\n");
		const found = [
			...sources.matchAll(/\blog\(\s*(?:level|(?:[^;]*?\? )?"(?:error|warn)"(?: : "\w+")?),\s*"(\w+)"/g),
			...sources.matchAll(/\bbookingBatch\([^;]*?"([a-z]+(?:_[a-z]+)+)"/g),
			...sources.matchAll(/\btellBrakes\("\w+", "(\w+)"/g),
		];
		return found.map(([, event = ""]) => event);
	}

	it("has every event that is a warning or an error, and none that is not written", () => {
		expect([...new Set(told)].sort()).toEqual([...new Set(written())].sort());
	});
});
