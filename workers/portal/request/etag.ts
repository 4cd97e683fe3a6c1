/** The weak entity tag of a version that counts a resource's writes. */
export function weakETag(version: number): string {
	return `W/"${version}"`;
}

/** What a write says it was made from; null = nothing. */
export interface Precondition {
	/** The If-Match header. */
	ifMatch: string | null;
	/** The version that the body names. */
	version: number | null;
}

/**
 * Whether a write was made from this version. If-Match is compared weakly: our tags are weak, and by RFC 9110 13.1.1's strong
 * comparison none would ever match. `*` matches what exists, which a configuration always does.
 */
export function isMet({ ifMatch, version }: Precondition, current: number): boolean {
	if (version !== null && version !== current) return false;
	return (
		ifMatch === null ||
		ifMatch.trim() === "*" ||
		ifMatch.split(",").some((tag) => opaqueTag(tag.trim()) === String(current))
	);
}

/** Whether it names a version at all, which must then still stand when it is written. */
export function namesVersion({ ifMatch, version }: Precondition): boolean {
	return version !== null || (ifMatch !== null && ifMatch.trim() !== "*");
}

function opaqueTag(tag: string): string | undefined {
	return /^(?:W\/)?"([^"]*)"$/.exec(tag)?.[1];
}
