import { unknownFields, invalidFields } from "../../lib/http/fields.ts";
import type { StoredValue } from "../request/patch-rules.ts";
import { CLIENT_RULES } from "./client-fields.ts";
import type { ClientField } from "./client-fields.ts";

/**
 * What a patch of a client changes, as columns hold it; a field that is absent stays.
 * @throws {ApiError} invalid_request naming every field that is unknown, mistyped or bad
 */
export function parseClientPatch(body: Record<string, unknown>): [ClientField, StoredValue][] {
	const names = Object.keys(CLIENT_RULES).filter((name): name is ClientField => Object.hasOwn(CLIENT_RULES, name));
	const faults = unknownFields(body, names, "a client");
	const changes: [ClientField, StoredValue][] = [];
	for (const name of names) {
		if (!Object.hasOwn(body, name)) continue;
		const verdict = CLIENT_RULES[name](body[name]);
		if ("fault" in verdict) faults.push({ field: name, message: verdict.fault });
		else changes.push([name, verdict.stored]);
	}
	if (faults.length > 0) throw invalidFields(faults);
	return changes;
}
