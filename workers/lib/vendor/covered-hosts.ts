import { listVariable } from "../env.ts";
import { ApiError, notConfigured } from "../http/errors.ts";

/** A host by its name alone: `*`, a scheme, a port or a path would say more than one host, or none. */
const HOST_NAME = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const LOOPBACK = /^(?:localhost|127\.0\.0\.1)$/;

/**
 * Why what is sent to a URL does not go to a host that the deployment covers; undefined = it does. A list that cannot be read covers
 * nobody, and concerns nobody who asks for no agreement.
 * @param url a vendor's
 * @param list COVERED_HOSTS
 * @param vendor its name, for the log
 */
export function uncoveredHost(url: string, list: string | undefined, vendor: string): ApiError | undefined {
	try {
		return coveredHosts(list).has(new URL(url).hostname) ? undefined : notConfigured("COVERED_HOSTS", vendor);
	} catch (thrown) {
		if (thrown instanceof ApiError) return thrown;
		throw thrown;
	}
}

/**
 * The hosts with whose owners the deployment has an agreement on patients' data (COVERED_HOSTS, comma-separated). To an org whose
 * `provider_policy` is `baa` nothing else is called. Each is named in full; blank = none.
 * @throws {ApiError} not_configured when one of them is no host's name: a list that cannot be read covers nobody
 */
function coveredHosts(value: string | undefined): ReadonlySet<string> {
	const hosts = listVariable(value).map((host) => host.toLowerCase());
	if (!hosts.every((host) => HOST_NAME.test(host) || LOOPBACK.test(host))) throw notConfigured("COVERED_HOSTS");
	return new Set(hosts);
}
