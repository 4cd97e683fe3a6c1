import { SCHEMA_VERSION } from "../../../lib/d1/schema-version.ts";
import type { Deployment, Facts } from "../facts.ts";
import { fix, ok, unlessFaulty, warn } from "../finding.ts";
import type { Finding } from "../finding.ts";
import { configFlags, deploymentOf, table, tables, textAt } from "../tables.ts";
import { isStatus, troubleOf } from "./reply.ts";

/** What the running portal says of itself. */
export function judgeDeployed(facts: Facts): Finding[] {
	const portal = deploymentOf(facts.deployments, "portal");
	if (portal === undefined) return [];
	return facts.place === "local"
		? judgeLocal(facts, portal)
		: [...judgeHealth(facts, portal), ...judgeSetup(facts, portal)];
}

function judgeLocal(facts: Facts, portal: Deployment): Finding[] {
	const { health, localOrigin } = facts;
	if ("failed" in health.reply) return [ok("running", `Nothing runs at ${localOrigin}: npm start does.`)];
	if (facts.setup === undefined) return judgeHealth(facts, portal);
	return [...judgeHealth(facts, portal), ...judgeSetup(facts, portal)];
}

function deploy(place: string, portal: Deployment): string {
	return place === "local" ? "npm start" : `npx wrangler deploy ${configFlags(portal)}`;
}

function judgeHealth({ health, place }: Facts, portal: Deployment): Finding[] {
	const { url, reply } = health;
	const check = place === "local" ? "running" : "deployed";
	const { expected } = table(table("body" in reply ? reply.body : {})["schema"]);
	if (isStatus(reply, 200))
		return typeof expected === "number" && expected < SCHEMA_VERSION
			? [
					warn(
						check,
						`${url} is well, and older than this checkout: it knows schema version ${expected}.`,
						deploy(place, portal),
					),
				]
			: [ok(check, `${url} is well.`)];
	const mend =
		place === "local"
			? "npm start"
			: `curl -i ${url}; where nobody answers: npx wrangler deploy ${configFlags(portal)}`;
	const isTold = isStatus(reply, 503) && textAt(reply.body, "status") === "failed";
	if (isTold)
		return [fix(check, `${url} says that its database is too old or does not answer.`, "see the line `schema`")];
	return [fix(check, `${url}: ${troubleOf(reply)}.`, mend)];
}

function judgeSetup({ setup, place, environment }: Facts, portal: Deployment): Finding[] {
	const check = "deployed";
	const again = `npm run doctor -- ${place === "local" ? "" : `--env ${place} `}--token <a session token of staff>`;
	if (setup === undefined)
		return [warn(check, "The portal itself is not asked, as there is no token of staff.", again)];
	if (isStatus(setup, 401))
		return [warn(check, "The portal takes the token for none: it is a minute old, or of another instance.", again)];
	if (isStatus(setup, 403)) return [warn(check, "The portal takes the token for one of nobody of staff.", again)];
	if (isStatus(setup, 404))
		return [fix(check, "The deployed portal is older than its doctor.", `npx wrangler deploy ${configFlags(portal)}`)];
	if (!isStatus(setup, 200))
		return [warn(check, `The portal tells nothing: ${troubleOf(setup)}.`, `npx wrangler tail ${configFlags(portal)}`)];
	return judgeTold(table(setup.body), environment, portal, place);
}

function judgeTold(told: Record<string, unknown>, environment: string, portal: Deployment, place: string): Finding[] {
	const check = "deployed";
	const again = deploy(place, portal);
	const put = (name: string): string =>
		place === "local"
			? `mend ${name} in .dev.vars or ${portal.config}`
			: `npx wrangler secret put ${name} ${configFlags(portal)}`;
	const faults: Finding[] = [];
	if (told["environment"] !== environment)
		faults.push(fix(check, `What is deployed calls itself ${String(told["environment"])}.`, again));
	const unusable: unknown[] = Array.isArray(told["unusable"]) ? told["unusable"] : [];
	for (const name of unusable.map(String))
		faults.push(
			fix(
				check,
				`The portal cannot read ${name}.`,
				portal.secretNames.includes(name) ? put(name) : `mend ${name} in ${portal.config}, then: ${again}`,
			),
		);
	if (textAt(told, "clerk", "keys") === "unreachable")
		faults.push(
			fix(check, `The portal cannot have the keys of ${textAt(told, "clerk", "issuer")}.`, put("CLERK_DOMAIN")),
		);
	const mode = told["stripe_mode"];
	if (typeof mode === "string" && (mode === "live") !== (environment === "production"))
		faults.push(
			fix(check, `The portal has a key of Stripe's ${mode} mode, and takes no money by it.`, put("STRIPE_SECRET_KEY")),
		);
	for (const limiter of tables(told["limiters"]).filter(({ bound }) => bound !== true))
		faults.push(fix(check, `The portal has no limiter ${textAt(limiter, "name")}.`, again));
	return unlessFaulty(
		faults,
		check,
		`The portal can read what it is given, and has Clerk's keys (version ${textAt(told, "version") || "unknown"}).`,
	);
}
