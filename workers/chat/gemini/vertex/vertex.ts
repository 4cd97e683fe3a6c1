import { secret } from "../../../lib/env.ts";
import { notConfigured } from "../../../lib/http/errors.ts";
import { vendorBaseUrl } from "../../../lib/vendor/base-url.ts";
import type { Endpoint } from "../endpoint.ts";
import { PROJECT, importSigningKey, serviceAccount } from "./account.ts";
import type { ServiceAccount } from "./account.ts";
import { bearer, dropBearer } from "./bearer.ts";
import { vertexHost } from "./host.ts";

const DEFAULT_LOCATION = "us";

/** The variables behind it, any of them possibly absent. */
export interface VertexVariables {
	/** VERTEX_SERVICE_ACCOUNT */
	serviceAccount: string | undefined;
	/** VERTEX_PROJECT; blank = the account's own. */
	project: string | undefined;
	/** VERTEX_LOCATION; blank = us. */
	location: string | undefined;
	/** VERTEX_BASE_URL; blank = the location's own host. */
	baseUrl: string | undefined;
	/** development, staging or production */
	environment: string;
}

/**
 * Vertex AI, whose present name is Gemini Enterprise Agent Platform: a bearer of a service account. Paths and hosts as in
 * docs.cloud.google.com/gemini-enterprise-agent-platform/resources/locations; `v1` knows thinking levels (ThinkingLevel of
 * google-cloud-ai_platform-v1 1.44).
 * @throws {ApiError} not_configured
 */
export function vertexEndpoint(variables: VertexVariables): Endpoint {
	const account = serviceAccount(variables.serviceAccount, variables.environment);
	const location = secret(variables.location) ?? DEFAULT_LOCATION;
	const host = vertexHost(location);
	const project = secret(variables.project) ?? account.projectId;
	if (!PROJECT.test(project)) throw notConfigured("VERTEX_PROJECT");
	const baseUrl = vendorBaseUrl(variables.baseUrl, {
		variable: "VERTEX_BASE_URL",
		fallback: `https://${host}`,
		domain: host,
		environment: variables.environment,
	});
	const models = `${baseUrl}/v1/projects/${project}/locations/${location}/publishers/google/models`;
	return { baseUrl, url: (model, method) => `${models}/${model}:${method}`, ...authentication(account) };
}

function authentication(account: ServiceAccount): Pick<Endpoint, "prepare" | "credential"> {
	let imported: CryptoKey | undefined;
	const signingKey = async (): Promise<CryptoKey> => {
		imported ??= await importSigningKey(account);
		return imported;
	};
	return {
		async prepare() {
			if (imported === undefined) await signingKey();
		},
		async credential(signal) {
			const token = await bearer(account, await signingKey(), signal);
			return {
				headers: { Authorization: `Bearer ${token}` },
				isRenewable: () => dropBearer(account, token, Date.now()),
			};
		},
	};
}
