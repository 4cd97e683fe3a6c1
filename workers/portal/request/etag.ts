import { isNamed } from "../../lib/http/conditional.ts";
import { ApiError } from "../../lib/http/errors.ts";

/** The weak entity tag of a version that counts a resource's writes, for what only writes show whole. */
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

/** What a write changes, as its refusal names it. */
type Whole = "configuration" | "draft" | "engine" | "entry" | "list of golden questions";

/** The 412 of a write that was made from another version. */
export function changedMeanwhile(whole: Whole): ApiError {
	const message = `The ${whole} has changed since you read it; read it again and repeat your change.`;
	return new ApiError("precondition_failed", message);
}

/** Refuses a write that was made from another version than the current one. @throws {ApiError} precondition_failed */
export function requireMet(precondition: Precondition, current: number, whole: Whole): void {
	if (!isMet(precondition, current)) throw changedMeanwhile(whole);
}

/**
 * The version that must still stand when the write is made; null = any.
 * @throws {ApiError} precondition_failed
 */
export function expectedVersion(precondition: Precondition, current: number, whole: Whole): number | null {
	requireMet(precondition, current, whole);
	return namesVersion(precondition) ? current : null;
}

/**
 * If-Match is compared weakly: our tags are weak, and by RFC 9110 13.1.1's strong comparison none would ever match. Of a tag only the
 * version counts, and `*` matches what exists, which a configuration always does.
 */
function isMet({ ifMatch, version }: Precondition, current: number): boolean {
	if (version !== null && version !== current) return false;
	return ifMatch === null || isNamed(ifMatch, (opaque) => versionOf(opaque) === String(current));
}

function namesVersion({ ifMatch, version }: Precondition): boolean {
	return version !== null || (ifMatch !== null && ifMatch.trim() !== "*");
}

/** What stands before the digest of `taggedJson`: what is shown may have changed though nobody has written. */
function versionOf(opaque: string): string | undefined {
	return opaque.split(".", 1)[0];
}
