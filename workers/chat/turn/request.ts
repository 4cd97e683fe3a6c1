import type { FieldError } from "../../lib/http/errors.ts";
import { invalidFields, textField } from "../../lib/http/fields.ts";
import { languageOf } from "../../lib/languages/languages.ts";
import type { Language } from "../../lib/languages/languages.ts";
import { SESSION_ID, VISITOR_ID_MAX_CHARS } from "../session/session.ts";

/** Code points, after trimming. */
const MESSAGE_MAX_CHARS = 2000;

export interface ChatRequest {
	message: string;
	/** As the page names its visitor; it proves nothing. */
	visitorId: string | null;
	/** null = none, or a text that cannot be one of ours and is not worth looking up. */
	sessionId: string | null;
	/** In which the page speaks to its visitor, for texts of ours alone; undefined = it does not say, or one that we do not speak. */
	language: Language | undefined;
}

/**
 * Reads the body of `POST /`. Fields it does not know are left alone: history, roles and model are never the caller's to set.
 * @throws {ApiError} invalid_request, naming every faulty field
 */
export function parseChatRequest(body: Record<string, unknown>): ChatRequest {
	const faults: FieldError[] = [];
	const message = textField(body, "message", { min: 1, max: MESSAGE_MAX_CHARS, stored: "lines" }, faults);
	if (message === undefined && faults.length === 0) faults.push({ field: "message", message: "is required" });
	const visitorId = textField(body, "visitor_id", { min: 0, max: VISITOR_ID_MAX_CHARS, stored: "line" }, faults) ?? "";
	const sessionId = parseSessionId(body, faults);
	const language = Object.hasOwn(body, "language") ? body.language : undefined;
	if (message === undefined || faults.length > 0) throw invalidFields(faults);
	return {
		message,
		visitorId: visitorId === "" ? null : visitorId,
		sessionId,
		language: typeof language === "string" ? languageOf(language) : undefined,
	};
}

function parseSessionId(body: Record<string, unknown>, faults: FieldError[]): string | null {
	const value = Object.hasOwn(body, "session_id") ? body.session_id : undefined;
	if (typeof value === "string") return SESSION_ID.test(value) ? value : null;
	if (value !== undefined && value !== null) faults.push({ field: "session_id", message: "must be text" });
	return null;
}
