import { ERROR_STATUS } from "../http/errors.ts";
import type { ErrorCode } from "../http/errors.ts";
import { MAX_NAMED_FIELDS } from "../http/fields.ts";
import { isObject } from "../http/json.ts";
import { closedObjectSchema } from "../http/openapi.ts";
import type { OpenapiPart, OpenapiRoom, Words } from "../http/openapi.ts";
import { COMMON_WORDS } from "./openapi-common-words.ts";
import { ERROR_WORDS } from "./openapi-error-words.ts";
import { worded, wordedOperation } from "./openapi-words.ts";

/** A worker as its description introduces it. */
interface Introduction {
	title: string;
	/** What a caller should know beside what every worker has in common. */
	description: string;
	/** Where it is deployed: production, then staging. */
	deployed: readonly [production: string, staging: string];
	/** Its prefix at the local default's one address, such as `/chat`. */
	localPrefix: string;
	/** What applies to every operation that does not say otherwise. */
	security: OpenapiPart[];
	/** Components beside the schemas. */
	components: OpenapiPart;
}

const IN_COMMON =
	"Every answer carries X-Request-Id. Errors are the schema Error; 429 and most 503 say in Retry-After when to come back. Lists in examples are cut to two items, long texts to their beginning.";
const LOCAL = "http://localhost:8787";
const CONTACT = { name: "Koby AI", url: "https://portal.koby.ai", email: "security@koby.ai" };
/** For software that nobody may use without a contract (spdx.github.io/spdx-spec, LicenseRef). */
const LICENSE = { name: "Proprietary", identifier: "LicenseRef-Proprietary" };

/**
 * The description of a worker, put together from its rooms. Every room names its operations' tag and says in words what the code
 * names; what is left without words fails the test of the worker (lib/test/openapi-quality.ts).
 */
export function describeWorker(
	{ title, description, deployed, localPrefix, security, components }: Introduction,
	rooms: readonly OpenapiRoom[],
): OpenapiPart {
	const paths = joined(rooms.map(({ paths: own, tag, words }) => tagged(own, tag.name, withCommon(words))));
	const schemas = joined([
		{ Error: worded(errorSchema(paths), "Error", COMMON_WORDS.properties) },
		...rooms.map(({ schemas: own, words }) => wordedSchemas(own, withCommon(words))),
	]);
	const [production, staging] = deployed;
	return {
		openapi: "3.1.0",
		info: { title, version: "1.0.0", description: `${IN_COMMON} ${description}`, contact: CONTACT, license: LICENSE },
		servers: [
			{ url: production, description: "Production" },
			{ url: staging, description: "Staging" },
			{ url: LOCAL + localPrefix, description: "The local default, as npm start has it" },
		],
		tags: [...new Map(rooms.map(({ tag }) => [tag.name, tag])).values()],
		security,
		paths,
		webhooks: {},
		components: { ...components, schemas },
	};
}

function joined(parts: readonly OpenapiPart[]): OpenapiPart {
	return Object.fromEntries(parts.flatMap((part) => Object.entries(part)));
}

function withCommon({ operations = {}, properties = {} }: Words = {}): Words {
	return {
		operations: { ...COMMON_WORDS.operations, ...operations },
		properties: { ...COMMON_WORDS.properties, ...properties },
	};
}

function wordedSchemas(schemas: OpenapiPart, { properties = {} }: Words): OpenapiPart {
	return Object.fromEntries(Object.entries(schemas).map(([name, part]) => [name, worded(part, name, properties)]));
}

/** Paths whose operations have their tag and words. What stands beside a path's operations, such as shared parameters, stays. */
function tagged(paths: OpenapiPart, tag: string, words: Words): OpenapiPart {
	const operationsOf = (item: unknown): OpenapiPart =>
		Object.fromEntries(
			Object.entries(isObject(item) ? item : {}).map(([key, part]) => [
				key,
				isObject(part) ? { tags: [tag], ...wordedOperation(part, words) } : part,
			]),
		);
	return Object.fromEntries(Object.entries(paths).map(([path, item]) => [path, operationsOf(item)]));
}

/** What every worker answers where no operation is served. */
const UNSERVED: readonly ErrorCode[] = ["not_found", "method_not_allowed"];

/** The envelope of every error: the schema `Error`, to which `errorResponses` refers. Its codes are those that the operations name. */
function errorSchema(paths: OpenapiPart): OpenapiPart {
	const named = new Set<unknown>([...UNSERVED, ...namedCodes(paths)]);
	const codes = codesOf(named);
	const text = { type: "string" };
	return closedObjectSchema({
		error: closedObjectSchema(
			{
				code: {
					type: "string",
					enum: codes,
					description: `What it is, for a program to switch on; the list is closed.\n\n${codes.map(codeLine).join("\n")}`,
				},
				message: text,
				request_id: text,
				fields: {
					type: "array",
					maxItems: MAX_NAMED_FIELDS,
					items: closedObjectSchema({ field: text, message: text }),
				},
				...(named.has("consent_required") ? { consent_version: text } : {}),
			},
			["fields", "consent_version"],
		),
	});
}

function codesOf(named: ReadonlySet<unknown>): ErrorCode[] {
	const isNamed = (code: string): code is ErrorCode => named.has(code);
	return Object.keys(ERROR_STATUS).filter(isNamed);
}

function codeLine(code: ErrorCode): string {
	return `- \`${code}\` (${ERROR_STATUS[code]}): ${ERROR_WORDS[code]}`;
}

/** The codes that `errorResponses` has written anywhere in a part. */
function namedCodes(part: unknown): unknown[] {
	if (Array.isArray(part)) return part.flatMap(namedCodes);
	if (!isObject(part)) return [];
	const { code } = part;
	const own: unknown[] = isObject(code) && Array.isArray(code.enum) ? code.enum : [];
	return [...own, ...Object.values(part).flatMap(namedCodes)];
}
