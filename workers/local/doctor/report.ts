import type { Finding, Level } from "./finding.ts";

/** What the doctor prints, and its exit code: 1 when anything is to be fixed. */
export interface Report {
	text: string;
	exitCode: 0 | 1;
}

const INDENT = " ".repeat(6);

/** The report for people, or as JSON for programs. */
export function report(findings: readonly Finding[], place: string, isJson: boolean): Report {
	const count = (level: Level): number => findings.filter((finding) => finding.level === level).length;
	const counts = { ok: count("ok"), warn: count("warn"), fix: count("fix") };
	const exitCode = counts.fix > 0 ? 1 : 0;
	if (isJson) return { text: JSON.stringify({ place, ...counts, findings }, null, 2), exitCode };
	const lines = findings.flatMap(({ check, level, message, mend }) => [
		`${level.padEnd(4)}  ${check.padEnd(20)}  ${message}`,
		...(mend === undefined ? [] : [`${INDENT}→ ${mend}`]),
	]);
	return {
		text: [...lines, "", `${place}: ${counts.ok} ok, ${counts.warn} warn, ${counts.fix} fix`].join("\n"),
		exitCode,
	};
}
