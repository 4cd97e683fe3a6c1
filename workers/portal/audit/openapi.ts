import { closedObjectSchema } from "../../lib/http/openapi.ts";
import type { OpenapiRoom } from "../../lib/http/openapi.ts";
import {
	COUNT,
	DAYS,
	INSTANT,
	PAGE,
	TEXT,
	choice,
	listOf,
	ofOrg,
	orNull,
	pageOf,
	query,
	text,
} from "../request/openapi-parts.ts";
import { KINDS } from "./audit.ts";
import { AUDIT_WORDS } from "./openapi-words.ts";

const KIND = choice(...KINDS);

/** What every answer shows of an entry. */
export const AUDIT_ENTRY_FIELDS = {
	id: COUNT,
	at: { ...INSTANT, description: "Of the first of an hour's reads." },
	last_at: { ...INSTANT, description: "Of the last of them; of a write, the same." },
	user_id: { ...TEXT, description: "Clerk's id of the user, or stripe." },
	acting_as: {
		...choice("member", "admin", "staff", "impersonated", "stripe"),
		description: "impersonated: impersonator_id, in the name of user_id.",
	},
	impersonator_id: { ...orNull(TEXT), description: "Clerk's id of who acted in the user's name, or unknown." },
	kind: KIND,
	action: { ...TEXT, description: "Such as config.update or conversation.read." },
	target: { ...orNull(TEXT), description: "What was written or read; the organization's id where it was all of it." },
	fields: { ...listOf(TEXT), description: "The names of what was written." },
	reads: { ...orNull(COUNT), description: "How many reads within an hour the entry stands for; null of a write." },
};

/** What was written and read, and by whom. */
export const AUDIT_ROOM: OpenapiRoom = {
	tag: { name: "Audit", description: "What was written and read, and by whom." },
	words: AUDIT_WORDS,
	schemas: { AuditEntry: closedObjectSchema(AUDIT_ENTRY_FIELDS), Audit: pageOf("entries", "AuditEntry") },
	paths: {
		"/portal/audit": {
			get: ofOrg("listAudit", "For admins and staff: who wrote and who read, the newest first", "Audit", {
				parameters: [
					...PAGE,
					...DAYS,
					query("kind", KIND, "Only writes, or only reads."),
					query("target", text(128), "Only of this, such as a conversation's id; not together with the next two."),
					query("action", text(64), "Only this one."),
					query("user_id", text(128), "Only this user's, and what was done in their name."),
				],
			}),
		},
	},
};
