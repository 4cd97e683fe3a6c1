import { isObject } from "../../../lib/http/json.ts";
import type { OpenapiPart } from "../../../lib/http/openapi.ts";

/** A deployment's part of the joined description. */
export interface DescribedDeployment {
	/** Before its operations' ids, its schemas and its tags, such as Chat; "" = none. */
	name: string;
	/** Before its paths, such as /chat. */
	prefix: string;
	description: OpenapiPart;
}

const DESCRIPTION =
	"All four deployments at the local default's one address: the portal as it is, chat below /chat, voice below /voice, and voice with conversations below /conversation. Deployed, each has its own address and its own description at /openapi.json, which names it under servers.";
/** Where a deployment's own description is reached here, as this one is at its place. */
const PORTAL_DESCRIPTION = "/portal/openapi.json";

/**
 * The descriptions of all deployments as one, for readers and generators: ids, schemas and tags get their deployment's name where
 * two would be called the same. @param origin where all of it is reached
 */
export function joinDescriptions(origin: string, [first, ...others]: readonly DescribedDeployment[]): OpenapiPart {
	if (first === undefined) throw new Error("There is nothing to join.");
	const all = [first, ...others].map(renamed);
	const { openapi, info } = first.description;
	return {
		openapi,
		info: { ...partOf(info), title: "Koby AI", description: DESCRIPTION },
		servers: [{ url: origin, description: "The local default, as npm start has it" }],
		tags: all.flatMap(({ tags }) => (Array.isArray(tags) ? tags : [])),
		security: first.description.security,
		paths: joinedParts(all.map(({ paths }) => paths)),
		webhooks: joinedParts(all.map(({ webhooks }) => webhooks)),
		components: {
			securitySchemes: joinedParts(all.map(({ components }) => partOf(components).securitySchemes)),
			parameters: joinedParts(all.map(({ components }) => partOf(components).parameters)),
			schemas: joinedParts(all.map(({ components }) => partOf(components).schemas)),
		},
	};
}

function renamed({ name, prefix, description }: DescribedDeployment): OpenapiPart {
	const renamedText = JSON.stringify(description).replaceAll('"#/components/schemas/', `"#/components/schemas/${name}`);
	const own = partOf(JSON.parse(renamedText));
	const components = partOf(own.components);
	return {
		...own,
		tags: (Array.isArray(own.tags) ? own.tags : []).map((tag) => ({
			...partOf(tag),
			name: tagOf(name, partOf(tag).name),
		})),
		paths: Object.fromEntries(
			Object.entries(partOf(own.paths)).map(([path, item]) => [pathOf(prefix, path), itemOf(name, item, own.security)]),
		),
		components: {
			...components,
			schemas: Object.fromEntries(
				Object.entries(partOf(components.schemas)).map(([schema, part]) => [name + schema, part]),
			),
		},
	};
}

function pathOf(prefix: string, path: string): string {
	if (prefix === "" && path === "/openapi.json") return PORTAL_DESCRIPTION;
	return path === "/" ? prefix : prefix + path;
}

function itemOf(name: string, item: unknown, security: unknown): OpenapiPart {
	return Object.fromEntries(
		Object.entries(partOf(item)).map(([method, operation]) => {
			if (!isObject(operation) || typeof operation.operationId !== "string") return [method, operation];
			const { operationId, tags } = operation;
			const id = name === "" ? operationId : name.toLowerCase() + operationId[0]?.toUpperCase() + operationId.slice(1);
			return [
				method,
				{
					...operation,
					operationId: id,
					tags: Array.isArray(tags) ? tags.map((tag) => tagOf(name, tag)) : [],
					security: operation.security ?? security,
				},
			];
		}),
	);
}

function tagOf(name: string, tag: unknown): string {
	return name === "" ? `Portal: ${String(tag)}` : `${name}: ${String(tag)}`;
}

function joinedParts(parts: readonly unknown[]): OpenapiPart {
	return Object.fromEntries(parts.flatMap((part) => Object.entries(partOf(part))));
}

function partOf(value: unknown): OpenapiPart {
	return isObject(value) ? value : {};
}
