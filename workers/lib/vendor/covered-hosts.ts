import { listVariable } from "../env.ts";
import { notConfigured } from "../http/errors.ts";

/** A host by its name alone: `*`, a scheme, a port or a path would say more than one host, or none. */
const HOST_NAME = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const LOOPBACK = /^(?:localhost|127\.0\.0\.1)$/;

/**
 * The hosts with whose owners the deployment has an agreement on patients' data (COVERED_HOSTS, comma-separated). To an org whose
 * `provider_policy` is `baa` nothing else is called. Each is named in full; blank = none.
 * @throws {ApiError} not_configured when one of them is no host's name: a list that cannot be read covers nobody
 */
export function coveredHosts(value: string | undefined): ReadonlySet<string> {
	const hosts = listVariable(value).map((host) => host.toLowerCase());
	if (!hosts.every((host) => HOST_NAME.test(host) || LOOPBACK.test(host))) throw notConfigured("COVERED_HOSTS");
	return new Set(hosts);
}

/** Whether what is sent to this URL goes to a host of the list. @param url a vendor's base URL */
export function isCovered(url: string, hosts: ReadonlySet<string>): boolean {
	return hosts.has(new URL(url).hostname);
}
