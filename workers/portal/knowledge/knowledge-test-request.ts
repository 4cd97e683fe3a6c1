import { parseJsonObject } from "../../lib/http/body.ts";
import type { FieldError } from "../../lib/http/errors.ts";
import { checkedText, invalidFields, unknownFields } from "../../lib/http/fields.ts";

/** As a visitor's message. */
export const MAX_QUESTION_CHARS = 2000;
/** Those before the last few weigh nothing. */
export const MAX_EARLIER = 10;
const MAX_SESSION_CHARS = 64;

/** A question as a visitor would put it. */
export interface TestedQuestion {
	message: string;
	/** The session that it is asked in; null = none. */
	session: string | null;
	/** What the same visitor has said before it in a conversation that is none of ours, the oldest first. */
	earlier: string[];
}

/** @throws {ApiError} invalid_json, invalid_request */
export function parseTest(bytes: Uint8Array): TestedQuestion {
	const body = parseJsonObject(bytes);
	const faults = unknownFields(body, ["question", "session", "earlier"], "a test");
	const message = textOf(own(body, "question"), "question", MAX_QUESTION_CHARS, faults);
	const named = own(body, "session") ?? null;
	const session = named === null ? null : textOf(named, "session", MAX_SESSION_CHARS, faults);
	const earlier = earlierOf(own(body, "earlier"), faults);
	if (session !== null && earlier.length > 0)
		faults.push({ field: "earlier", message: "cannot stand beside session, which has its own messages" });
	if (faults.length > 0) throw invalidFields(faults);
	return { message, session, earlier };
}

function earlierOf(value: unknown, faults: FieldError[]): string[] {
	if (value === undefined || value === null) return [];
	if (Array.isArray(value) && value.length <= MAX_EARLIER)
		return value.map((item, at) => textOf(item, `earlier.${at}`, MAX_QUESTION_CHARS, faults));
	faults.push({ field: "earlier", message: `must be a list of at most ${MAX_EARLIER} messages` });
	return [];
}

/** "" when it is at fault. */
function textOf(value: unknown, field: string, max: number, faults: FieldError[]): string {
	const checked = checkedText(value, { min: 1, max });
	if ("text" in checked) return checked.text;
	faults.push({ field, message: checked.fault });
	return "";
}

function own(object: Record<string, unknown>, field: string): unknown {
	return Object.hasOwn(object, field) ? object[field] : undefined;
}
