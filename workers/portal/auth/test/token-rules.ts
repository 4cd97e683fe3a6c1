import type { Caller } from "../clerk-claims.ts";

// The rules by which a session token is accepted and what it says of its bearer, written a second time and not from the code that
// they judge: the oracle of token-properties.test.ts.

/** A token as it was made, whatever its text then became. */
export interface MadeToken {
	/** The JSON texts of header and claims. */
	header: string;
	claims: string;
	/** Which key really signed it, and how; null = nobody, or with something else than RS256. */
	signedBy: "the instance's key" | "its second key" | "a stranger's key" | null;
}

/** What a deployment knows when it judges. */
export interface Deployment {
	issuer: string;
	/** Key ids that the instance publishes, each with the key that is behind it; null = one key is pinned, and ids do not count. */
	published: ReadonlyMap<unknown, MadeToken["signedBy"]> | null;
	/** The pages that tokens are made for. */
	parties: readonly unknown[];
	/** STAFF_USER_IDS */
	staff: readonly unknown[];
	/** Unix seconds */
	now: number;
}

type Json = Record<string, unknown>;
/** header, claims, deployment, token */
type Rule = (header: Json, claims: Json, by: Deployment, token: MadeToken) => boolean;

const SKEW = 5;
const DAY = 86_400;

/** All that must hold. Each is broken alone many times in a run. */
export const RULES: Record<string, Rule> = {
	"the algorithm is RS256": ({ alg }) => alg === "RS256",
	"the type is JWT or none": ({ typ }) => [undefined, "JWT"].includes(as(typ)),
	"the class is a session's, or none": ({ cat }) => [undefined, "cl_B7d4PD111AAA", "cl_I7d4PD111III"].includes(as(cat)),
	"nothing is critical": (header) => !("crit" in header),
	"the key that is named signed it": ({ kid }, _claims, { published }, { signedBy }) =>
		signedBy !== null && (published === null ? signedBy === "the instance's key" : published.get(kid) === signedBy),
	"the issuer is the instance": (_header, { iss }, { issuer }) => iss === issuer,
	"it has not ended": (_header, { exp }, { now }) => isNumber(exp) && exp > now - SKEW,
	"it has begun": (_header, { nbf }, { now }) => nbf === undefined || (isNumber(nbf) && nbf <= now + SKEW),
	"it was not issued in the future": (_header, { iat }, { now }) =>
		iat === undefined || (isNumber(iat) && iat <= now + SKEW),
	"it lives for a day at most": (_header, { exp, iat }, { now }) =>
		!isNumber(exp) || exp - (isNumber(iat) ? iat : now + SKEW) <= DAY,
	"its subject is a user": (_header, { sub }) =>
		typeof sub === "string" && sub.startsWith("user_") && /^[a-z0-9]+$/i.test(sub.slice(5)),
	"it names a session": (_header, { sid }) => typeof sid === "string" && sid.length > 0,
	"the session waits for nothing": (_header, { sts }) => sts !== "pending",
	"it was made for one of our pages": (_header, { azp }, { parties }) => azp === undefined || parties.includes(azp),
};

function as(value: unknown): string | undefined {
	return value === undefined || typeof value === "string" ? value : "neither absent nor text";
}

function isNumber(value: unknown): value is number {
	return typeof value === "number" && Math.abs(value) < Infinity;
}

/** The names of the rules that a token breaks. */
export function brokenRules(token: MadeToken, by: Deployment): string[] {
	const [header, claims] = [parsed(token.header), parsed(token.claims)];
	return Object.entries(RULES).flatMap(([name, rule]) => (rule(header, claims, by, token) ? [] : [name]));
}

function parsed(text: string): Json {
	const value: Json = JSON.parse(text);
	return value;
}

/** Who calls by a token that breaks no rule. */
export function callerBy(token: MadeToken, by: Deployment): Caller {
	const claims = parsed(token.claims);
	const [orgId, role] = organization(claims);
	const impersonated = "act" in claims;
	const isNamed = by.staff.includes(claims.sub) || Object(claims.metadata).role === "staff";
	return {
		userId: String(claims.sub),
		sessionId: String(claims.sid),
		orgId,
		role: orgId === null ? null : role,
		staff: isNamed && !impersonated,
		impersonated,
		impersonatorId: impersonated ? actorOf(claims.act) : null,
	};
}

function actorOf(act: unknown): string {
	const { sub } = Array.isArray(act) ? {} : Object(act);
	return typeof sub === "string" && /^\w+$/.test(sub) ? sub : "unknown";
}

function organization({ v, o, org_id, org_role }: Json): [string | null, "admin" | "member"] {
	const { id, rol } = Array.isArray(o) ? {} : Object(o);
	const [orgId, role] = v === 2 ? [id, rol] : [org_id, org_role];
	return [typeof orgId === "string" && orgId !== "" ? orgId : null, isAdmin(role) ? "admin" : "member"];
}

/** `admin` after any number of `org:`. */
function isAdmin(role: unknown): boolean {
	const words = typeof role === "string" ? role.split(":") : [];
	return words.pop() === "admin" && words.every((word) => word === "org");
}
