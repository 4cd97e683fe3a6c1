import { secret } from "../../lib/env.ts";
import { ApiError } from "../../lib/http/errors.ts";
import type { ProviderPolicy } from "../../lib/site/safeguards.ts";
import { uncoveredHost } from "../../lib/vendor/covered-hosts.ts";
import { developerEndpoint } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { modelSettings } from "./models.ts";
import type { ModelSettings, ModelVariables } from "./models.ts";
import { vertexEndpoint } from "./vertex/vertex.ts";
import type { VertexVariables } from "./vertex/vertex.ts";

/** The variables as they come from the configuration, any of them possibly absent. */
export interface ChoiceVariables extends ModelVariables {
	/** GEMINI_API_KEY */
	apiKey: string | undefined;
	/** GEMINI_BASE_URL */
	baseUrl: string | undefined;
	vertex: Omit<VertexVariables, "environment">;
	/** COVERED_HOSTS */
	coveredHosts: string | undefined;
	/** development, staging or production */
	environment: string;
}

/** Where the deployment asks models, by what an org says of where its visitors' words may go (`provider_policy`). */
export interface ModelChoice {
	/** `any`: the Developer API, or Vertex AI where the deployment has no key of that. */
	any: ModelSettings;
	/** `baa`: Vertex AI, on a host that the deployment lists as covered; or why it may not be asked. */
	baa: ModelSettings | ApiError;
	/** A secret that tells one client's digest from another's, and is the same in every isolate. */
	clientSecret: string;
}

/** @throws {ApiError} not_configured: not even an org that demands nothing could be answered */
export async function modelChoice(variables: ChoiceVariables): Promise<ModelChoice> {
	const settings = modelSettings(variables);
	const vertex = await vertexOf(variables);
	const isDeveloper = secret(variables.apiKey) !== undefined || secret(variables.vertex.serviceAccount) === undefined;
	const any = isDeveloper
		? developerEndpoint(variables.apiKey, variables.baseUrl, variables.environment)
		: required(vertex);
	return {
		any: { ...settings, endpoint: any },
		baa: coveredSettings(settings, vertex, variables.coveredHosts),
		clientSecret: secret(variables.apiKey) ?? secret(variables.vertex.serviceAccount) ?? "",
	};
}

/** What an org of this policy is answered by. @throws {ApiError} not_configured */
export function modelsFor({ any, baa }: ModelChoice, policy: ProviderPolicy): ModelSettings {
	return required(policy === "baa" ? baa : any);
}

function required<T>(value: T | ApiError): T {
	if (value instanceof ApiError) throw value;
	return value;
}

/** Vertex AI with a key file that has been tried; or what is wrong with it, which concerns nobody who does not need it. */
async function vertexOf({ vertex, environment }: ChoiceVariables): Promise<Endpoint | ApiError> {
	try {
		const endpoint = vertexEndpoint({ ...vertex, environment });
		await endpoint.prepare();
		return endpoint;
	} catch (thrown) {
		if (thrown instanceof ApiError) return thrown;
		throw thrown;
	}
}

function coveredSettings(
	settings: Omit<ModelSettings, "endpoint">,
	vertex: Endpoint | ApiError,
	list: string | undefined,
): ModelSettings | ApiError {
	if (vertex instanceof ApiError) return vertex;
	return uncoveredHost(vertex.baseUrl, list, "Vertex AI") ?? { ...settings, endpoint: vertex };
}
