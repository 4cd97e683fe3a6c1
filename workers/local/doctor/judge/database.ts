import { SCHEMA_VERSION } from "../../../lib/d1/schema-version.ts";
import type { Deployment, Facts } from "../facts.ts";
import { fix, ok, unlessFaulty, warn } from "../finding.ts";
import type { Finding } from "../finding.ts";
import { deploymentOf, table, tables, textAt } from "../tables.ts";
import { isStatus } from "./reply.ts";

const PLACEHOLDER = /^0{8}-0{4}-0{4}-0{4}-0{11}[0-9]$/;
const SQL_LISTED = 5;

/** Whether the database is there, the same for all workers, and of the schema that this code is written for. */
export function judgeDatabase(facts: Facts): Finding[] {
	if (facts.place === "local") return [...judgeLocal(facts), ...judgeSchema(facts)];
	const ids = judgeIds(facts);
	return ids.some(({ level }) => level === "fix") ? ids : [...ids, ...judgeSchema(facts)];
}

function judgeLocal({ database }: Facts): Finding[] {
	if ("value" in database) return [ok("database", "The local default has its database.")];
	if (database.unknown === "there is none yet")
		return [ok("database", "The local default has no database yet: npm start makes it.")];
	return [
		fix(
			"database",
			`The local database: ${database.unknown}.`,
			"rm -rf .wrangler/state (its data with it), then: npm start",
		),
	];
}

function judgeIds({ deployments, databases, place }: Facts): Finding[] {
	const portal = deploymentOf(deployments, "portal");
	const name = textAt(databaseOf(portal), "database_name");
	const id = textAt(databaseOf(portal), "database_id");
	const write = (uuid: string): string => `npm run database-id -- ${place} ${uuid}`;
	const odd = deployments.filter((one) => textAt(databaseOf(one), "database_id") !== id);
	const known = "value" in databases ? databases.value.get(name) : undefined;
	if (PLACEHOLDER.test(id))
		return [
			fix(
				"database",
				`The database's id of ${place} is still the placeholder.`,
				known === undefined ? `npx wrangler d1 create ${name}, then: ${write("<the id it prints>")}` : write(known),
			),
		];
	if (odd.length > 0)
		return [
			fix("database", `${odd.map(({ title }) => title).join(", ")} has another database than the portal.`, write(id)),
		];
	if ("unknown" in databases)
		return [
			warn("database", `Whether ${name} exists is not known: ${databases.unknown}.`, mendOfWrangler(databases.unknown)),
		];
	if (known === id) return [ok("database", `${name} exists, and every worker has its id.`)];
	return [
		known === undefined
			? fix(
					"database",
					`The account has no database ${name}.`,
					`npx wrangler d1 create ${name}, then: ${write("<the id it prints>")}`,
				)
			: fix("database", `The tomls have another id than ${name} has.`, write(known)),
	];
}

/** How wrangler is brought to work again. */
function mendOfWrangler(why: string): string {
	return why.includes("logged in") ? "npx wrangler login" : "npx wrangler d1 list";
}

function databaseOf(deployment: Deployment | undefined): unknown {
	return tables(deployment?.table["d1_databases"])[0];
}

function judgeSchema(facts: Facts): Finding[] {
	const { place } = facts;
	const found = versionOf(facts);
	const migrate =
		place === "local"
			? "npm run migrate -- --local"
			: `npm run migrate -- --remote${place === "staging" ? " --env staging" : ""}`;
	if (found === undefined)
		return place === "local"
			? []
			: [
					warn(
						"schema",
						"The schema's version is not known: nobody could read the database.",
						"npx wrangler login, or give a --token of staff",
					),
				];
	if (found < SCHEMA_VERSION)
		return [fix("schema", `The database has schema version ${found}, and this code needs ${SCHEMA_VERSION}.`, migrate)];
	if (found > SCHEMA_VERSION)
		return [
			warn(
				"schema",
				`The database has schema version ${found}, and this checkout knows ${SCHEMA_VERSION}.`,
				"git pull",
			),
		];
	return [ok("schema", `The database has schema version ${found}.`)];
}

/** As the database tells it itself, or else the deployed portal. */
function versionOf({ database, setup, health }: Facts): number | undefined {
	if ("value" in database) return database.value.version;
	for (const reply of [setup, health.reply]) {
		const body = isStatus(reply, 200) || isStatus(reply, 503) ? table(reply.body) : {};
		const found = table(body["schema"])["found"];
		if (typeof found === "number") return found;
	}
	return undefined;
}

/** Engines that any https page may use. */
export function judgeOrigins({ database, place }: Facts): Finding[] {
	const content = "value" in database ? database.value.content : undefined;
	if (content === undefined || place === "local") return [];
	const open = content.openEngines;
	const listed = open.slice(0, SQL_LISTED).map(({ id, name }) => `${id} (${name})`);
	const more = open.length > SQL_LISTED ? ` and ${open.length - SQL_LISTED} more` : "";
	const faults = open
		.slice(0, 1)
		.map(({ id }) =>
			warn(
				"origins",
				`Any https page may use ${listed.join(", ")}${more}: the key of a live engine is public.`,
				`PATCH /portal/engines/${id} with {"allowed_origins":["https://www.customer.example"]}, as an admin of it or as staff`,
			),
		);
	return unlessFaulty(faults, "origins", "Every live engine names the pages that may use it.");
}
