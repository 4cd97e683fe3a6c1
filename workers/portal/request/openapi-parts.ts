import type { ErrorCode } from "../../lib/http/errors.ts";
import { BODY_ERRORS, closedObjectSchema, errorResponses, jsonContent, schema } from "../../lib/http/openapi.ts";
import { VISITOR_MEMORIES } from "../../lib/site/config-defaults.ts";
import type { OpenapiPart } from "../../lib/http/openapi.ts";

export const TEXT: OpenapiPart = { type: "string" };
export const COUNT: OpenapiPart = { type: "integer", minimum: 0 };
export const FLAG: OpenapiPart = { type: "boolean" };
export const DAY: OpenapiPart = { type: "string", format: "date" };
export const INSTANT: OpenapiPart = { type: "string", format: "date-time" };
export const VISITOR: OpenapiPart = {
	type: "string",
	pattern: "^[0-9a-f]{16}$",
	description:
		"Tells visitors apart: random, the same in all conversations of a visitor; not the visitor_id that the chat knows.",
};
export const HTTPS_URL: OpenapiPart = { type: "string", maxLength: 2000, pattern: "^https://" };
export const COLOUR: OpenapiPart = { type: "string", pattern: "^#[0-9A-Fa-f]{6}$" };
export const SUGGESTED_QUESTIONS: OpenapiPart = listOf(text(120), 6);
export const VISITOR_MEMORY: OpenapiPart = {
	...choice(...VISITOR_MEMORIES),
	description:
		"Where a browser keeps its conversation: device = with the site's data, tab = as long as the tab, none = nowhere, each page begins anew.",
};
export const ORG_STATUS = choice("trialing", "active", "past_due", "inactive", "churned");
export const ROLE = choice("admin", "member");
export const ENGINE_TYPE = choice("chatbot", "voice");
export const ENVIRONMENT = choice("live", "test", "dev");
export const PLAN = choice("chatbot", "voice", "enterprise");

/** Text of 1 to `maxLength` code points. */
export function text(maxLength: number): OpenapiPart {
	return { type: "string", minLength: 1, maxLength };
}

export function choice(...values: string[]): OpenapiPart {
	return { type: "string", enum: values };
}

export function orNull(of: OpenapiPart): OpenapiPart {
	return { anyOf: [of, { type: "null" }] };
}

export function listOf(items: OpenapiPart, maxItems?: number): OpenapiPart {
	return { type: "array", items, ...(maxItems === undefined ? {} : { maxItems }) };
}

/** The same schema under several names. */
export function each(names: readonly string[], of: OpenapiPart): OpenapiPart {
	return Object.fromEntries(names.map((name) => [name, of]));
}

/** One page of a keyset list. */
export function pageOf(name: string, items: string, more: Readonly<Record<string, OpenapiPart>> = {}): OpenapiPart {
	return closedObjectSchema({
		...more,
		[name]: listOf(schema(items)),
		next_cursor: { ...orNull(TEXT), description: "Send it as cursor for the next page; null on the last." },
	});
}

export function query(name: string, of: OpenapiPart, description?: string): OpenapiPart {
	return { name, in: "query", schema: of, ...(description === undefined ? {} : { description }) };
}

function parameter(name: string): OpenapiPart {
	return { $ref: `#/components/parameters/${name}` };
}

export const PARAMETERS: OpenapiPart = {
	orgId: query(
		"orgId",
		text(100),
		"The organization, by the portal's id or Clerk's. Staff may name any; others only their own, which is what applies without it.",
	),
	id: { name: "id", in: "path", required: true, schema: { type: "string", pattern: "^[A-Za-z0-9_-]{1,64}$" } },
	ifMatch: {
		name: "If-Match",
		in: "header",
		description: "The ETag that the change was made from; without it the last write wins.",
		schema: TEXT,
	},
	cursor: query("cursor", TEXT, "The next_cursor of the page before."),
	limit: query("limit", { type: "integer", minimum: 1, maximum: 100 }, "Items of a page."),
	from: query("from", DAY, "The first UTC day, at the latest tomorrow: today where it begins before UTC's."),
	to: query("to", DAY, "The last UTC day; at most 366 days in all. One to come means today."),
	engineId: query("engine_id", text(100), "Only this engine, of any environment."),
};
export const ID = parameter("id");
export const IF_MATCH = parameter("ifMatch");
export const PAGE = [parameter("limit"), parameter("cursor")];
export const DAYS = [parameter("from"), parameter("to")];
export const ENGINE_ID = parameter("engineId");

const BODY_FAULTS = [...BODY_ERRORS, "invalid_request"] as const;
/** The errors of an operation that asks who calls. */
const SIGNED_IN = [
	"unauthenticated",
	"forbidden",
	"rate_limited",
	"auth_unavailable",
	"not_configured",
	"unavailable",
	"internal",
] as const;
/** The errors of an operation about one organization. */
const OF_ORG = [
	...SIGNED_IN,
	"no_active_org",
	"unknown_org",
	"org_not_found",
	"org_required",
	"invalid_request",
] as const;

interface Details {
	description?: string;
	parameters?: OpenapiPart[];
	requestBody?: OpenapiPart;
	/** The status of the good response; 200 when absent. */
	status?: "200" | "201" | "204";
	/** Whether the good response carries an ETag. */
	isTagged?: boolean;
	/** Beside those of every operation of its kind. */
	errors?: readonly ErrorCode[];
}

/** An operation about one organization. @param answer the schema's name, or the content of what is no JSON; null = no body */
export function ofOrg(
	operationId: string,
	summary: string,
	answer: string | OpenapiPart | null,
	details: Details = {},
): OpenapiPart {
	const { parameters = [], errors = [], ...others } = details;
	const all = [...OF_ORG, ...(details.requestBody === undefined ? [] : BODY_FAULTS), ...errors];
	return operation(operationId, summary, answer, {
		...others,
		parameters: [parameter("orgId"), ...parameters],
		errors: all,
	});
}

/** An operation of Koby's staff. */
export function ofStaff(
	operationId: string,
	summary: string,
	answer: string | null,
	details: Details = {},
): OpenapiPart {
	const { parameters = [], errors = [], ...others } = details;
	const all = [
		...SIGNED_IN,
		"invalid_request",
		...(details.requestBody === undefined ? [] : BODY_FAULTS),
		...errors,
	] as const;
	return operation(operationId, summary, answer, {
		...others,
		parameters: [parameter("orgId"), ...parameters],
		errors: all,
	});
}

/** An operation that asks nobody who calls. */
export function ofAnyone(operationId: string, described: OpenapiPart): OpenapiPart {
	return { operationId, security: [], ...described };
}

function operation(
	operationId: string,
	summary: string,
	answer: string | OpenapiPart | null,
	details: Details,
): OpenapiPart {
	const { status = "200", isTagged = false, errors = [], ...others } = details;
	const good = {
		description: status === "204" ? "Done." : "OK",
		...(isTagged ? { headers: { ETag: { schema: TEXT } } } : {}),
		...(answer === null ? {} : { content: typeof answer === "string" ? jsonContent(schema(answer)) : answer }),
	};
	return { operationId, summary, ...others, responses: { [status]: good, ...errorResponses(...new Set(errors)) } };
}

/** A body that must hold these fields but the `optional`, and no other. */
export function body(properties: OpenapiPart, optional: readonly string[] = []): OpenapiPart {
	return {
		required: optional.length < Object.keys(properties).length,
		content: jsonContent(closedObjectSchema(properties, optional)),
	};
}

/** A JSON Merge Patch of these fields. */
export function patchBody(properties: OpenapiPart): OpenapiPart {
	const version = { ...COUNT, description: "The version that the patch was made from, instead of If-Match." };
	const of = closedObjectSchema({ ...properties, version }, [...Object.keys(properties), "version"]);
	return { required: true, content: { ...jsonContent(of), "application/merge-patch+json": { schema: of } } };
}
