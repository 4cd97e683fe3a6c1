import { createPublicKey } from "node:crypto";
import type { ClerkFacts, Deployment, Facts, Reply } from "../facts.ts";
import { fix, ok, unlessFaulty, warn } from "../finding.ts";
import type { Finding } from "../finding.ts";
import { configFlags, deploymentOf, items, setVariable, table, tables, variable } from "../tables.ts";
import { isStatus, notAsked, troubleOf } from "./reply.ts";

const MIN_MODULUS_BITS = 2048;
/** Where Clerk puts the instances that are not for production (clerk.com/docs, "Clerk environments"). */
const DEVELOPMENT_DOMAIN = ".clerk.accounts.dev";
const USER_ID = /^user_[A-Za-z0-9]+$/;

/** Whether sessions are checked against the right instance, and by keys that can be had. */
export function judgeClerk(facts: Facts): Finding[] {
	const portal = deploymentOf(facts.deployments, "portal");
	if (portal === undefined) return [];
	const { clerk } = facts;
	const asked =
		"skipped" in clerk
			? notAsked("clerk", "Clerk", "CLERK_DOMAIN", facts.place, clerk.skipped)
			: judgeInstance(clerk.facts, facts, portal);
	return [...asked, ...judgePinned(portal, clerk), ...judgeParties(portal, facts), ...judgeStaff(portal)];
}

function judgeInstance({ issuer, published, own }: ClerkFacts, facts: Facts, portal: Deployment): Finding[] {
	const put = (name: string): string =>
		facts.place === "local"
			? `echo '${name}=<its value>' >> .dev.vars`
			: `npx wrangler secret put ${name} ${configFlags(portal)}`;
	if (issuer === undefined || published === undefined)
		return [fix("clerk.issuer", "CLERK_DOMAIN is no bare host name, such as clerk.koby.ai.", put("CLERK_DOMAIN"))];
	if (!isStatus(published, 200) || keyIds(published).length === 0) {
		const trouble = isStatus(published, 200) ? "it publishes no RSA key" : troubleOf(published);
		return [
			fix("clerk.keys", `The keys of ${issuer} cannot be had: ${trouble}.`, `curl -i ${issuer}/.well-known/jwks.json`),
		];
	}
	if (facts.environment === "production" && issuer.endsWith(DEVELOPMENT_DOMAIN))
		return [fix("clerk.issuer", `${issuer} is a development instance of Clerk's.`, put("CLERK_DOMAIN"))];
	return [
		ok("clerk.keys", `${issuer} publishes ${keyIds(published).length} keys.`),
		...judgeSecretKey(published, own, facts, put("CLERK_SECRET_KEY")),
	];
}

function judgeSecretKey(
	published: Reply,
	own: Reply | undefined,
	{ keys, environment }: Facts,
	put: string,
): Finding[] {
	const key = keys.get("CLERK_SECRET_KEY");
	if (key === undefined || own === undefined) return [];
	const check = "clerk.secret-key";
	const isLive = key.startsWith("sk_live_");
	if (isLive !== (environment === "production"))
		return [
			fix(
				check,
				`CLERK_SECRET_KEY is of a ${isLive ? "live" : "development"} instance, and this is ${environment}.`,
				put,
			),
		];
	if (isStatus(own, 401)) return [fix(check, "Clerk refuses CLERK_SECRET_KEY.", put)];
	if (!isStatus(own, 200))
		return [warn(check, `Clerk's API tells nothing: ${troubleOf(own)}.`, "npm run doctor, later")];
	const isSame = keyIds(own).some((id) => keyIds(published).includes(id));
	return isSame
		? [ok(check, "CLERK_SECRET_KEY is of the instance of CLERK_DOMAIN.")]
		: [fix(check, "CLERK_SECRET_KEY is of another instance than CLERK_DOMAIN.", put)];
}

/** The ids of the RSA keys in a JWKS. */
function keyIds(reply: Reply): string[] {
	const keys = "status" in reply ? tables(table(reply.body)["keys"]) : [];
	return keys.filter(({ kty }) => kty === "RSA").map(({ kid }) => String(kid));
}

function judgePinned(portal: Deployment, clerk: Facts["clerk"]): Finding[] {
	const pem = variable(portal, "CLERK_JWT_KEY");
	if (pem === "") return [];
	const check = "clerk.pinned-key";
	const unpin = setVariable(portal, "CLERK_JWT_KEY", "");
	const modulus = modulusOf(pem);
	if (modulus === undefined) return [fix(check, "CLERK_JWT_KEY is no RSA public key of 2048 bits or more.", unpin)];
	const published = "facts" in clerk ? clerk.facts.published : undefined;
	if (!isStatus(published, 200)) return [ok(check, "CLERK_JWT_KEY can be read.")];
	const isPublished = tables(table(published.body)["keys"]).some(({ n }) => n === modulus);
	if (isPublished) return [ok(check, "CLERK_JWT_KEY is a key that the instance publishes.")];
	return [fix(check, "CLERK_JWT_KEY is no key of the instance any more: every session is refused.", unpin)];
}

function modulusOf(pem: string): string | undefined {
	const base64 = pem.replaceAll(/-----(?:BEGIN|END) PUBLIC KEY-----|\\[rn]|\s/g, "");
	try {
		const key = createPublicKey({ key: Buffer.from(base64, "base64"), format: "der", type: "spki" });
		const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
		return bits >= MIN_MODULUS_BITS ? key.export({ format: "jwk" }).n : undefined;
	} catch {
		return undefined;
	}
}

/** A token's party is compared letter by letter with these, as is a page's origin. */
function judgeParties(portal: Deployment, { place }: Facts): Finding[] {
	const faults = ["PORTAL_ORIGINS", "CLERK_AUTHORIZED_PARTIES"].flatMap((name) =>
		items(portal, name)
			.filter((item) => !isOrigin(item, place === "local"))
			.map((item) =>
				fix("clerk.parties", `${item} in ${name} is no exact https origin.`, setVariable(portal, name, originOf(item))),
			),
	);
	const [origins, parties] = [items(portal, "PORTAL_ORIGINS"), items(portal, "CLERK_AUTHORIZED_PARTIES")];
	if (origins.length === 0)
		faults.push(
			fix(
				"clerk.parties",
				"PORTAL_ORIGINS is empty: no page may read the portal.",
				setVariable(portal, "PORTAL_ORIGINS", "https://portal.koby.ai"),
			),
		);
	const lacking = parties.length === 0 ? [] : origins.filter((origin) => !parties.includes(origin));
	for (const origin of lacking)
		faults.push(
			fix(
				"clerk.parties",
				`Tokens of ${origin} are refused: CLERK_AUTHORIZED_PARTIES does not have it.`,
				setVariable(portal, "CLERK_AUTHORIZED_PARTIES", [...parties, origin].join(",")),
			),
		);
	return unlessFaulty(
		faults,
		"clerk.parties",
		`Tokens of ${(parties.length === 0 ? origins : parties).join(", ")} are accepted.`,
	);
}

function originOf(text: string): string {
	return URL.canParse(text) ? new URL(text).origin : "https://portal.koby.ai";
}

/** Whether a text is an origin as a browser writes it. */
export function isOrigin(text: string, isLocal: boolean): boolean {
	if (!URL.canParse(text) || text.includes("*")) return false;
	const { origin, protocol } = new URL(text);
	return origin === text && (protocol === "https:" || isLocal);
}

function judgeStaff(portal: Deployment): Finding[] {
	const wrong = items(portal, "STAFF_USER_IDS").filter((id) => !USER_ID.test(id));
	return wrong.map((id) =>
		fix(
			"clerk.staff",
			`${id} in STAFF_USER_IDS is no id of a Clerk user, user_….`,
			setVariable(portal, "STAFF_USER_IDS", "user_…"),
		),
	);
}
