/** `fix` = something does not work, or will not; `warn` = somebody should look. */
export type Level = "ok" | "warn" | "fix";

/** One line of the doctor's report. It holds names, ids and numbers, and never the value of a secret. */
export interface Finding {
	/** What was looked at, such as `stripe.webhook`. */
	check: string;
	level: Level;
	/** One sentence: what is so, or what is wrong. */
	message: string;
	/** The command, or the line of a file, that mends it; of every `warn` and `fix`. */
	mend?: string;
}

export function ok(check: string, message: string): Finding {
	return { check, level: "ok", message };
}

export function warn(check: string, message: string, mend: string): Finding {
	return { check, level: "warn", message, mend };
}

export function fix(check: string, message: string, mend: string): Finding {
	return { check, level: "fix", message, mend };
}

/** What is wrong; or, with nothing wrong, the one line that says so. */
export function unlessFaulty(faults: readonly Finding[], check: string, message: string): Finding[] {
	return faults.length > 0 ? [...faults] : [ok(check, message)];
}
