/**
 * The id of the deployed version, for the log; undefined in development, where nothing is deployed, and where the platform
 * names none.
 */
export function deployedVersion(metadata: { id: string } | undefined, environment: string): string | undefined {
	return environment === "development" ? undefined : metadata?.id;
}
