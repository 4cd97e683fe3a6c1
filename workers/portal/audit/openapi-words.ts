import type { Words } from "../../lib/http/openapi.ts";

/** What the operations here do and the properties are. */
export const AUDIT_WORDS: Words = {
	operations: {
		listAudit:
			"Every write made through the portal, every read by staff or an impersonated session, and every read of a transcript or of leads; reads of the same within an hour are one entry. It can be asked by kind, target, action and user.",
	},
	properties: {
		"AuditEntry.id": "Rises with time; unique in the log.",
		kind: "write: something was changed; read: something was looked at.",
		entries: "The newest first.",
	},
};
