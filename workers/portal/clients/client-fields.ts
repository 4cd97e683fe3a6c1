import { line, nullable, oneOf } from "../request/patch-rules.ts";
import type { Rule } from "../request/patch-rules.ts";

/** As the schema's closed lists have them. */
export const STATUSES = ["trialing", "active", "past_due", "inactive", "churned"];
export const PLANS = ["chatbot", "voice", "enterprise"];
export const MAX_SLUG_CHARS = 60;
/** A million USD: more is a slip of the keyboard. */
export const MAX_USD_MICROS = 1_000_000_000_000;

/** Begins and ends with a letter or digit: it stands in site keys and is typed by hand. */
const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const CLERK_ORG_ID = /^org_[A-Za-z0-9]{1,60}$/;

const slug: Rule = (value) => {
	const isSlug = typeof value === "string" && value.length <= MAX_SLUG_CHARS && SLUG.test(value);
	return isSlug
		? { stored: value }
		: { fault: `must be 1 to ${MAX_SLUG_CHARS} lower-case letters and digits, with single hyphens between them` };
};

const clerkOrgId: Rule = (value) => {
	const isId = typeof value === "string" && CLERK_ORG_ID.test(value);
	return isId ? { stored: value } : { fault: "must be the id of an organization at Clerk, such as org_2abc" };
};

/** As SQL has it, 0 or 1. */
const flag: Rule = (value) =>
	typeof value === "boolean" ? { stored: value ? 1 : 0 } : { fault: "must be true or false" };

function wholeNumber(min: number, max: number, unit: string): Rule {
	return (value) => {
		const isIn = typeof value === "number" && Number.isInteger(value) && value >= min && value <= max;
		return isIn ? { stored: value } : { fault: `must be a whole number of ${unit} from ${min} to ${max}` };
	};
}

function choice(values: readonly string[]): Rule {
	const rule = oneOf(values);
	return (value) => ("stored" in rule(value) ? rule(value) : { fault: `must be one of ${values.join(", ")}` });
}

/** What staff may set of a client, when it is made and later. */
export const CLIENT_RULES = {
	name: line(200),
	slug,
	plan: choice(PLANS),
	status: choice(STATUSES),
	status_locked: flag,
	clerk_org_id: nullable(clerkOrgId),
	client_share_percent: wholeNumber(1, 100, "percent"),
	daily_budget_usd_micros: nullable(wholeNumber(0, MAX_USD_MICROS, "micro-USD")),
	monthly_price_usd_micros: nullable(wholeNumber(0, MAX_USD_MICROS, "micro-USD")),
} satisfies Record<string, Rule>;

export type ClientField = keyof typeof CLIENT_RULES;
