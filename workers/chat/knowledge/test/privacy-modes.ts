import { vi } from "vitest";
import { rows, run } from "../../test/tables.ts";

/** What an org keeps of what visitors write. */
export async function setPrivacy(orgId: string, privacy: "standard" | "redact" | "no_store"): Promise<void> {
	await run("UPDATE org_config SET privacy = ?2 WHERE org_id = ?1", orgId, privacy);
}

/** Every value of every column of every table, as text. */
export async function everyStoredText(): Promise<string> {
	const tables = await rows(`
		SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%'
	`);
	const all = await Promise.all(tables.map(({ name }) => rows(`SELECT * FROM "${String(name)}"`)));
	return all.flatMap((table) => table.flatMap((row) => Object.values(row).map(String))).join("\n");
}

/** The log lines from now on. Vitest takes the spies away again. */
export function watchedLog(): string[] {
	const lines: string[] = [];
	for (const level of ["debug", "log", "info", "warn", "error"] as const)
		vi.spyOn(console, level).mockImplementation((...values: unknown[]) => lines.push(values.map(String).join(" ")));
	return lines;
}

/** Secrets, and those of seven digits or more as digits alone, that stand in a text. Those that are too short to tell are whole words. */
export function leaked(secrets: readonly string[], text: string): string[] {
	const lower = text.toLowerCase();
	const digits = new Set(text.match(/\d+/g));
	return secrets.filter((secret) => {
		const bare = secret.normalize("NFKC").replace(/\D/g, "");
		if (/^[\d ]{1,6}$/.test(secret)) return false;
		return lower.includes(secret.toLowerCase()) || (bare.length >= 7 && digits.has(bare));
	});
}
