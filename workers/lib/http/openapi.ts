import { ERROR_STATUS } from "./errors.ts";
import type { ErrorCode } from "./errors.ts";
import { taggedJson } from "./conditional.ts";

/** How long a reader may keep a description, seconds. */
const MAX_AGE_SECONDS = 300;

/** Any JSON object of a description. */
export interface OpenapiPart {
	[name: string]: unknown;
}

/** What a description says of what the code names. */
export interface Words {
	/** What each operation does, by its operationId: whole sentences, beside the summary. */
	operations?: Readonly<Record<string, string>>;
	/**
	 * What each property is, with its unit and bounds, by `Schema.property`, `Schema.property.inner` (also of a list's items), for a
	 * body that has no name `operationId.property`, or where it is the same everywhere by its name alone.
	 */
	properties?: Readonly<Record<string, string>>;
}

/** What one room of a worker adds to its description. */
export interface OpenapiRoom {
	/** Under which its operations are listed. */
	tag: { name: string; description: string };
	paths: OpenapiPart;
	schemas: OpenapiPart;
	/** What its operations do and its properties are, where the parts themselves do not say it. */
	words?: Words;
}

/** The paths of rooms as they stand in them: what a worker needs of its own description while it serves, without putting it together. */
export function pathsOf(rooms: readonly OpenapiRoom[]): OpenapiPart {
	return Object.fromEntries(rooms.flatMap(({ paths }) => Object.entries(paths)));
}

/** What every worker has beside its rooms. */
export const OPERATION_TAG = {
	name: "Operation",
	description: "For machines that watch a deployment, and for whoever writes a client of it.",
};

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

/** What may be wrong with a JSON body before anyone looks at its fields (lib/http/body.ts). */
export const BODY_ERRORS = ["request_timeout", "invalid_json", "payload_too_large", "unsupported_media_type"] as const;

const RETRY_AFTER = {
	description: "Seconds until it is worth asking again; absent where waiting does not help.",
	schema: { type: "integer", minimum: 1 },
};

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
	const code = { enum: codes, description: "One of those that this operation gives at this status." };
	// Open to the rest of Error, or a validator would refuse what only the reference names.
	const error = { properties: { code }, additionalProperties: true, description: "Why the request was refused." };
	const ofThese = { properties: { error } };
	const isPassing = codes.some((code) => ERROR_STATUS[code] === 429 || ERROR_STATUS[code] === 503);
	return {
		description: codes.join(", "),
		...(isPassing ? { headers: { "Retry-After": RETRY_AFTER } } : {}),
		content: jsonContent({ ...schema("Error"), ...ofThese }),
	};
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
		operationId: "getHealth",
		security: [],
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
		operationId: "getOpenapi",
		security: [],
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
		operationId: "getSecurityTxt",
		security: [],
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
