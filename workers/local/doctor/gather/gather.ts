import { standInOrigin } from "../../run/settings.ts";
import type { LocalSettings } from "../../run/settings.ts";
import { localVariables } from "../../run/variables.ts";

import type { Block, Deployment, Facts, Known, Place, Reply } from "../facts.ts";
import { deploymentOf, table, tables, textAt } from "../tables.ts";
import { ask } from "./ask.ts";
import type { Asking, Fetcher } from "./ask.ts";
import { isHopeless, wranglerJson } from "./cloudflare.ts";
import type { Wrangler } from "./cloudflare.ts";
import { databaseFacts, remoteQuery } from "./database.ts";
import { localQuery } from "./local-database.ts";
import { deployedSecrets } from "./secrets.ts";
import { deploymentsOf, readBlocks } from "./tomls.ts";
import { vendors } from "./vendors.ts";

/** Everything that the doctor looks at from: tests put their own in place of each. */
export interface Setup {
	place: Place;
	/** The folder with the tomls. */
	root: string;
	local: LocalSettings;
	/** Secrets at hand for a deployed environment, by name: those that the shell has. */
	keys: ReadonlyMap<string, string>;
	/** A session token of staff. */
	token: string | undefined;
	/** epoch ms */
	now: number;
	fetch: Fetcher;
	wrangler: Wrangler;
	/** As long as one server may take to answer, ms. */
	limitMs: number;
}

const ENVIRONMENTS = { local: "development", staging: "staging", production: "production" } as const;

/** Asks everybody at once what there is to know. */
export async function gather(setup: Setup): Promise<Facts> {
	const { place, now } = setup;
	const blocks = readBlocks(setup.root);
	const origin = standInOrigin(setup.local.port);
	const local = localVariables(setup.local.devVars, origin);
	const isLocal = place === "local";
	const deployments = deploymentsOf(blocks, place, isLocal ? local.variables : new Map());
	const keys = isLocal ? setup.local.devVars : setup.keys;
	const standIns = isLocal ? local.standIns : [];
	const asking = { fetch: setup.fetch, limitMs: setup.limitMs };
	const base = isLocal ? `http://localhost:${setup.local.port}` : portalUrl(deployments);
	const [account, health] = await Promise.all([
		isLocal ? localDatabase(setup, deployments) : remote(setup, deployments),
		ask(asking, `${base}/health`),
	]);
	const environment = ENVIRONMENTS[place];
	const content = "value" in account.database ? account.database.value.content : undefined;
	const [asked, portal] = await Promise.all([
		vendors(asking, { deployments, environment, keys, standIns, content }),
		setupOfPortal(asking, base, setup, standIns.includes("Clerk") && !("failed" in health)),
	]);
	return {
		...{ place, environment, now, blocks, deployments, keys, standIns, localOrigin: base },
		unusedVariables: isLocal ? unusedVariables(setup.local.devVars, blocks, deployments) : [],
		...account,
		...asked,
		health: { url: `${base}/health`, reply: health },
		setup: portal,
	};
}

type Account = Pick<Facts, "databases" | "database" | "secrets">;

async function localDatabase({ local }: Setup, deployments: readonly Deployment[]): Promise<Account> {
	const id = textAt(databaseOf(deployments), "database_id");
	const database = await databaseFacts(localQuery(local.stateDir, id));
	return { databases: { unknown: "a local run needs no account" }, database, secrets: new Map() };
}

/** The account's list comes first: where it cannot be had, nothing else can, and nothing else is waited for. */
async function remote({ wrangler }: Setup, deployments: readonly Deployment[]): Promise<Account> {
	const listed = await wranglerJson(wrangler, ["d1", "list", "--json"]);
	if ("unknown" in listed && isHopeless(listed.unknown)) {
		const secrets = deployments.map(({ title }) => [title, listed] as const);
		return { databases: listed, database: listed, secrets: new Map(secrets) };
	}
	const portal = deploymentOf(deployments, "portal");
	const name = textAt(databaseOf(deployments), "database_name");
	const [database, ...secrets] = await Promise.all([
		databaseFacts(remoteQuery(wrangler, name, portal?.name ?? "")),
		...deployments.map(async (one) => [one.title, await deployedSecrets(wrangler, one)] as const),
	]);
	return { databases: databaseIds(listed), database, secrets: new Map(secrets) };
}

function databaseIds(listed: Known<unknown>): Known<ReadonlyMap<string, string>> {
	if ("unknown" in listed) return listed;
	return { value: new Map(tables(listed.value).map((one) => [textAt(one, "name"), textAt(one, "uuid")])) };
}

function databaseOf(deployments: readonly Deployment[]): unknown {
	return tables(deploymentOf(deployments, "portal")?.table["d1_databases"])[0];
}

/** The address of the portal's own domain, which its toml names. */
function portalUrl(deployments: readonly Deployment[]): string {
	const [route] = tables(deploymentOf(deployments, "portal")?.table["routes"]);
	return `https://${textAt(route, "pattern")}`;
}

/** What the portal tells staff. The local default gives a token of staff to whoever asks it. */
async function setupOfPortal(
	asking: Asking,
	base: string,
	{ token }: Setup,
	isGiven: boolean,
): Promise<Reply | undefined> {
	const bearer = token ?? (isGiven ? await localToken(asking, base) : undefined);
	if (bearer === undefined) return undefined;
	return ask(asking, `${base}/portal/doctor`, { headers: { Authorization: `Bearer ${bearer}` } });
}

async function localToken({ fetch, limitMs }: Asking, base: string): Promise<string | undefined> {
	try {
		const response = await fetch(`${base}/local/token?role=staff`, { signal: AbortSignal.timeout(limitMs) });
		return response.ok ? (await response.text()).trim() : undefined;
	} catch {
		return undefined;
	}
}

/** What stands in .dev.vars in vain: a name that no worker reads. */
function unusedVariables(
	devVars: ReadonlyMap<string, string>,
	blocks: readonly Block[],
	deployments: readonly Deployment[],
): string[] {
	const known = new Set([
		...blocks.flatMap((block) => Object.keys(table(block.table["vars"]))),
		...deployments.flatMap(({ secretNames }) => secretNames),
	]);
	return [...devVars.keys()].filter((name) => !known.has(name));
}
