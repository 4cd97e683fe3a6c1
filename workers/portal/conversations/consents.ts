import { textColumnOrNull } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";

/** A text that a visitor was shown and has agreed to: its version, as `GET /config` of the chat named it, and from when on. */
interface Consent {
	version: string;
	at: string;
}

/**
 * What the visitor of a conversation has agreed to, the first first; none where none was sent. What a row written by hand may hold
 * beside that is left out.
 * @param row with `consents` of `chat_sessions`
 */
export function consentsOf(row: Row): Consent[] {
	const list: unknown = JSON.parse(textColumnOrNull(row, "consents") ?? "[]");
	return Array.isArray(list) ? list.flatMap((item) => consentOf(item) ?? []) : [];
}

function consentOf(item: unknown): Consent | undefined {
	if (!Array.isArray(item)) return undefined;
	const [version, at]: unknown[] = item;
	return typeof version === "string" && typeof at === "string" ? { version, at } : undefined;
}
