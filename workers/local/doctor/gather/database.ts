import { SCHEMA_VERSION } from "../../../lib/d1/schema-version.ts";
import type { CronRow, DatabaseContent, DatabaseFacts, Known, Table } from "../facts.ts";
import { table, tables, textAt } from "../tables.ts";
import { wranglerJson } from "./cloudflare.ts";
import type { Wrangler } from "./cloudflare.ts";

/** Runs statements and gives the rows of each. */
export type Query = (statements: readonly string[]) => Promise<Known<Table[][]>>;

const VERSION = "SELECT MAX(version) AS version FROM schema_version";
const CONTENT = [
	"SELECT stripe_lookup_key AS name FROM plans WHERE stripe_lookup_key IS NOT NULL ORDER BY id LIMIT 100",
	"SELECT id, name, org_id FROM portal_sites WHERE allowed_origins IS NULL AND environment = 'live' AND status = 'active' ORDER BY id LIMIT 100",
	"SELECT DISTINCT agent_id AS name FROM portal_sites WHERE agent_id IS NOT NULL AND status = 'active' ORDER BY agent_id LIMIT 50",
	"SELECT DISTINCT model AS name FROM portal_sites WHERE model IS NOT NULL AND status = 'active' ORDER BY model LIMIT 50",
	"SELECT COUNT(*) AS n FROM org_config c JOIN orgs o ON o.id = c.org_id WHERE c.provider_policy = 'baa' AND o.erasure_id IS NULL",
	"SELECT COUNT(*) AS n FROM portal_sites WHERE type = 'voice' AND status = 'active'",
	"SELECT worker, cron, ended_at FROM cron_runs ORDER BY worker, cron LIMIT 50",
];

/** What the database says. Of an older schema only its version: what is asked for may not be there. */
export async function databaseFacts(query: Query): Promise<Known<DatabaseFacts>> {
	const versions = await query([VERSION]);
	if ("unknown" in versions) return versions;
	const version = numberAt(versions.value[0]?.[0], "version");
	if (version < SCHEMA_VERSION) return { value: { version, content: undefined } };
	const content = await query(CONTENT);
	return "unknown" in content ? content : { value: { version, content: contentOf(content.value) } };
}

function contentOf(results: readonly Table[][]): DatabaseContent {
	const [plans = [], open = [], agents = [], models = [], baa = [], voice = [], crons = []] = results;
	return {
		lookupKeys: namesOf(plans),
		openEngines: open.map((row) => ({
			id: textAt(row, "id"),
			name: textAt(row, "name"),
			orgId: textAt(row, "org_id"),
		})),
		agents: namesOf(agents),
		models: namesOf(models),
		baaOrgs: numberAt(baa[0], "n"),
		voiceEngines: numberAt(voice[0], "n"),
		crons: crons.map(cronRow),
	};
}

/** A row of `cron_runs`, or what `GET /portal/doctor` tells of one. */
export function cronRow(row: unknown): CronRow {
	return { worker: textAt(row, "worker"), cron: textAt(row, "cron"), endedAt: Date.parse(textAt(row, "ended_at")) };
}

function namesOf(rows: readonly Table[]): string[] {
	return rows.map((row) => textAt(row, "name")).filter((name) => name !== "");
}

function numberAt(row: unknown, column: string): number {
	const value = table(row)[column];
	return typeof value === "number" ? value : 0;
}

/** A deployed database, by wrangler. @param name its own: production's would act on production whatever the environment */
export function remoteQuery(wrangler: Wrangler, name: string, environment: string): Query {
	return async (statements) => {
		const flags = ["--config", "wrangler-portal.toml", `--env=${environment}`, "--remote", "--yes", "--json"];
		const told = await wranglerJson(wrangler, ["d1", "execute", name, ...flags, "--command", statements.join("; ")]);
		if ("unknown" in told) return told;
		return { value: tables(told.value).map(({ results }) => tables(results)) };
	};
}
