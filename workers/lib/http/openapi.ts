import { ERROR_STATUS } from "./errors.ts";
import type { ErrorCode } from "./errors.ts";
import { MAX_NAMED_FIELDS } from "./fields.ts";
import { taggedJson } from "./conditional.ts";
import { isObject } from "./json.ts";

/** How long a reader may keep a description, seconds. */
const MAX_AGE_SECONDS = 300;

/** Any JSON object of a description. */
export interface OpenapiPart {
	[name: string]: unknown;
}

/** What one room of a worker adds to its description. */
export interface OpenapiRoom {
	paths: OpenapiPart;
	schemas: OpenapiPart;
}

/** A worker as its description introduces it. */
interface Introduction {
	title: string;
	/** What a caller should know beside what every worker has in common. */
	description: string;
	/** What applies to every operation that does not say otherwise. */
	security?: OpenapiPart[];
	/** Components beside the schemas. */
	components?: OpenapiPart;
}

const IN_COMMON =
	"Every answer carries X-Request-Id. Errors are the schema Error; 429 and most 503 say in Retry-After when to come back.";

/** The description of a worker, put together from its rooms. */
export function describeWorker(
	{ title, description, security, components }: Introduction,
	rooms: readonly OpenapiRoom[],
): OpenapiPart {
	const paths = joined(rooms.map((room) => room.paths));
	const schemas = joined([{ Error: errorSchema(paths) }, ...rooms.map((room) => room.schemas)]);
	return {
		openapi: "3.1.0",
		info: { title, version: "1.0.0", description: `${IN_COMMON} ${description}` },
		...(security === undefined ? {} : { security }),
		paths,
		components: { ...components, schemas },
	};
}

function joined(parts: readonly OpenapiPart[]): OpenapiPart {
	return Object.fromEntries(parts.flatMap((part) => Object.entries(part)));
}

/** A reference to a schema of the description. */
export function schema(name: string): OpenapiPart {
	return { $ref: `#/components/schemas/${name}` };
}

/** An object with these properties, all of them required but the `optional`. */
export function objectSchema(properties: OpenapiPart, optional: readonly string[] = []): OpenapiPart {
	return { type: "object", properties, required: Object.keys(properties).filter((name) => !optional.includes(name)) };
}

/** As `objectSchema`, for an object that holds nothing else. */
export function closedObjectSchema(properties: OpenapiPart, optional: readonly string[] = []): OpenapiPart {
	return { ...objectSchema(properties, optional), additionalProperties: false };
}

/** A JSON response or request body. */
export function jsonContent(of: OpenapiPart): OpenapiPart {
	return { "application/json": { schema: of } };
}

const TEXT = { type: "string" };
const CURRENT_VERSION = { ...TEXT, description: "With consent_required: of the notice that there is to agree to." };

/** What every worker answers where no operation is served. */
const UNSERVED: readonly ErrorCode[] = ["not_found", "method_not_allowed"];

/** The envelope of every error: the schema `Error`, to which `errorResponses` refers. Its codes are those that the operations name. */
function errorSchema(paths: OpenapiPart): OpenapiPart {
	const named = new Set<unknown>([...UNSERVED, ...namedCodes(paths)]);
	return closedObjectSchema({
		error: closedObjectSchema(
			{
				code: { type: "string", enum: Object.keys(ERROR_STATUS).filter((code) => named.has(code)) },
				message: { type: "string", description: "One sentence a person can act on." },
				request_id: { type: "string", description: "As in X-Request-Id: name it when you report a fault." },
				fields: {
					type: "array",
					description: "With invalid_request: the faulty fields, of more than 20 the first 20.",
					maxItems: MAX_NAMED_FIELDS,
					items: closedObjectSchema({ field: TEXT, message: TEXT }),
				},
				...(named.has("consent_required") ? { consent_version: CURRENT_VERSION } : {}),
			},
			["fields", "consent_version"],
		),
	});
}

/** The codes that `errorResponses` has written anywhere in a part. */
function namedCodes(part: unknown): unknown[] {
	if (Array.isArray(part)) return part.flatMap(namedCodes);
	if (!isObject(part)) return [];
	const { code } = part;
	const own: unknown[] = isObject(code) && Array.isArray(code.enum) ? code.enum : [];
	return [...own, ...Object.values(part).flatMap(namedCodes)];
}

/** What may be wrong with a JSON body before anyone looks at its fields (lib/http/body.ts). */
export const BODY_ERRORS = ["request_timeout", "invalid_json", "payload_too_large", "unsupported_media_type"] as const;

/** The response to a GET whose `If-None-Match` names the ETag of what there is (lib/http/conditional.ts). */
export const NOT_MODIFIED: OpenapiPart = {
	"304": { description: "What your If-None-Match names is what there is." },
};

/** The responses of an operation's errors, by status. */
export function errorResponses(...codes: ErrorCode[]): OpenapiPart {
	const statuses = [...new Set(codes.map((code) => ERROR_STATUS[code]))].sort();
	return Object.fromEntries(
		statuses.map((status) => [String(status), errorResponse(codes.filter((code) => ERROR_STATUS[code] === status))]),
	);
}

function errorResponse(codes: ErrorCode[]): OpenapiPart {
	const ofThese = { properties: { error: { properties: { code: { enum: codes } } } } };
	return { description: codes.join(", "), content: jsonContent({ ...schema("Error"), ...ofThese }) };
}

/** The responses of `GET /health`. 503 also stands for the errors of a limiter that is not set up. */
export function healthOperation(worker: string): OpenapiPart {
	const states = (...values: string[]): OpenapiPart => ({ type: "string", enum: values });
	const version = { type: "integer", minimum: 0 };
	const found = { anyOf: [version, { type: "null" }], description: "null: the database does not answer." };
	const body = closedObjectSchema(
		{
			status: states("ok", "failed"),
			worker: { const: worker },
			checks: closedObjectSchema({ db: states("ok", "failed") }, ["db"]),
			schema: closedObjectSchema({ expected: version, found }),
		},
		["schema"],
	);
	return {
		summary: "Whether the worker can do its work",
		responses: {
			"200": { description: "It can.", content: jsonContent(body) },
			...errorResponses("method_not_allowed", "rate_limited", "internal"),
			"503": {
				description: "It cannot: a check has failed, or not_configured.",
				content: jsonContent({ anyOf: [body, schema("Error")] }),
			},
		},
	};
}

/** The operation that gives the description itself. */
export function openapiOperation(): OpenapiPart {
	return {
		summary: "This description",
		responses: {
			"200": { description: "OpenAPI 3.1", content: jsonContent({ type: "object" }) },
			...NOT_MODIFIED,
			...errorResponses("method_not_allowed", "rate_limited", "not_configured", "internal"),
		},
	};
}

/** The operation that says whom to tell of a weakness (lib/http/security-txt.ts). */
export function securityTxtOperation(): OpenapiPart {
	return {
		summary: "Whom to tell of a weakness",
		responses: {
			"200": { description: "RFC 9116", content: { "text/plain": { schema: TEXT } } },
			...errorResponses("not_found", "method_not_allowed", "rate_limited", "not_configured", "internal"),
		},
	};
}

/** `GET /openapi.json`: a description of the worker, which is public. */
export function openapiResponse(description: OpenapiPart): Promise<Response> {
	return taggedJson(description, { headers: { "Cache-Control": `public, max-age=${MAX_AGE_SECONDS}` } });
}
