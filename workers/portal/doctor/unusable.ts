import { ApiError } from "../../lib/http/errors.ts";

/** The secret or variable for want of which something cannot be read; undefined = it can. @throws what `read` throws for another reason */
export function unusable(read: () => unknown): string | undefined {
	try {
		read();
		return undefined;
	} catch (thrown) {
		return unusableOf(thrown);
	}
}

/** The secret or variable that a `not_configured` names in its reason. @throws anything else that was thrown */
export function unusableOf(thrown: unknown): string {
	const name = thrown instanceof ApiError && thrown.code === "not_configured" ? thrown.reason : undefined;
	const [variable] = /^[A-Z][A-Z0-9_]*/.exec(name ?? "") ?? [];
	if (variable === undefined) throw thrown;
	return variable;
}
