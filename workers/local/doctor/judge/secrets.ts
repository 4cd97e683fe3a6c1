import { VENDORS, VENDOR_KEYS } from "../../run/vendors.ts";
import type { VendorName } from "../../run/vendors.ts";
import type { Deployment, Facts } from "../facts.ts";
import { isHopeless } from "../gather/cloudflare.ts";
import { fix, ok, unlessFaulty, warn } from "../finding.ts";
import type { Finding } from "../finding.ts";
import { configFlags, table, tables, textAt } from "../tables.ts";

const CHECK = "secrets";
/** What a worker does without, and what is then not so. Any other is needed. */
const OPTIONAL: Readonly<Record<string, string>> = {
	"portal CLERK_SECRET_KEY": "the team comes from the table team_members",
	"portal GEMINI_API_KEY": "the test of a question finds by words alone",
	"chat VERTEX_SERVICE_ACCOUNT": "organizations with provider_policy baa are not answered",
};

/** Whether every secret is there, by its name. */
export function judgeSecrets(facts: Facts): Finding[] {
	if (facts.place === "local") return localSecrets(facts);
	const { databases, deployments } = facts;
	const known = deployments.filter((one) => namesThere(facts, one) !== undefined);
	// One line stands for all of them where wrangler cannot be asked anything.
	if ("value" in databases || !isHopeless(databases.unknown)) return deployments.flatMap((one) => deployed(facts, one));
	const others = deployments.filter((one) => !known.includes(one)).map(nameOf);
	const list = "npx wrangler secret list --config <toml> --env <environment>";
	return [
		...known.flatMap((one) => deployed(facts, one)),
		warn(CHECK, `The secrets of ${others.join(", ")} are not known: ${databases.unknown}.`, list),
	];
}

function localSecrets({ keys, standIns, unusedVariables }: Facts): Finding[] {
	const unused = unusedVariables.map((name) =>
		warn(
			CHECK,
			`No worker reads ${name} of .dev.vars.`,
			`take the line ${name}= out of .dev.vars, or mend its name by .dev.vars.example`,
		),
	);
	return [...VENDORS.flatMap((vendor) => ofVendor(vendor, keys, standIns)), ...unused];
}

function ofVendor(vendor: VendorName, keys: ReadonlyMap<string, string>, standIns: readonly VendorName[]): Finding[] {
	const { key, others } = VENDOR_KEYS[vendor];
	if (standIns.includes(vendor)) {
		const vain = others.filter((name) => keys.has(name));
		if (vain.length === 0) return [ok(CHECK, `${vendor} is a stand-in, as .dev.vars has no ${key}.`)];
		return vain.map((name) =>
			fix(CHECK, `${name} is in .dev.vars, but without ${key} a stand-in answers.`, addLine(key)),
		);
	}
	const missing = others.filter((name) => !keys.has(name));
	const faults = missing.map((name) =>
		name === "CLERK_SECRET_KEY"
			? warn(CHECK, `${name} is not in .dev.vars: ${OPTIONAL["portal CLERK_SECRET_KEY"]}.`, addLine(name))
			: fix(CHECK, `${name} is not in .dev.vars: no event of ${vendor} is believed.`, addLine(name)),
	);
	return unlessFaulty(faults, CHECK, `${vendor} is real: ${[key, ...others].join(" and ")} in .dev.vars.`);
}

function addLine(name: string): string {
	return `echo '${name}=<its value>' >> .dev.vars`;
}

function deployed(facts: Facts, deployment: Deployment): Finding[] {
	const names = namesThere(facts, deployment);
	if (names === undefined) {
		const why = facts.secrets.get(deployment.title);
		const reason = why !== undefined && "unknown" in why ? why.unknown : "nobody was asked";
		const list = `npx wrangler secret list ${configFlags(deployment)}`;
		return [warn(CHECK, `The secrets of ${nameOf(deployment)} are not known: ${reason}.`, list)];
	}
	const missing = deployment.secretNames
		.filter((name) => !names.includes(name))
		.map((name) => lacking(deployment, name, names));
	const strange = names
		.filter((name) => !deployment.secretNames.includes(name))
		.map((name) =>
			warn(
				CHECK,
				`${nameOf(deployment)} has a secret ${name}, which its code does not read.`,
				`npx wrangler secret delete ${name} ${configFlags(deployment)}`,
			),
		);
	return unlessFaulty(
		[...missing, ...strange],
		CHECK,
		`${nameOf(deployment)} has ${deployment.secretNames.join(", ")}.`,
	);
}

function lacking(deployment: Deployment, name: string, there: readonly string[]): Finding {
	const put = `npx wrangler secret put ${name} ${configFlags(deployment)}`;
	const without = OPTIONAL[`${deployment.folder} ${name}`];
	const hasOther = name === "GEMINI_API_KEY" && there.includes("VERTEX_SERVICE_ACCOUNT");
	if (without !== undefined) return warn(CHECK, `${nameOf(deployment)} has no ${name}: ${without}.`, put);
	if (hasOther) return warn(CHECK, `${nameOf(deployment)} has no ${name}: Vertex AI alone answers.`, put);
	return fix(CHECK, `${nameOf(deployment)} has no ${name}, and does not work without.`, put);
}

/** As wrangler lists them; the portal's, failing that, as it tells them itself. */
function namesThere({ secrets, setup }: Facts, { title, folder }: Deployment): string[] | undefined {
	const listed = secrets.get(title);
	if (listed !== undefined && "value" in listed) return listed.value;
	if (folder !== "portal" || setup === undefined || "failed" in setup || setup.status !== 200) return undefined;
	return tables(table(setup.body)["secrets"])
		.filter(({ present }) => present === true)
		.map((one) => textAt(one, "name"));
}

function nameOf({ table: { name } }: Deployment): string {
	return String(name);
}
