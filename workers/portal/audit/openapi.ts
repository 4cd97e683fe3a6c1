import { closedObjectSchema } from "../../lib/http/openapi.ts";
import type { OpenapiRoom } from "../../lib/http/openapi.ts";
import { COUNT, INSTANT, PAGE, TEXT, choice, listOf, ofOrg, orNull, pageOf } from "../request/openapi-parts.ts";

const AUDIT_ENTRY = closedObjectSchema({
	id: COUNT,
	at: INSTANT,
	user_id: { ...TEXT, description: "Clerk's id of the user, or stripe." },
	acting_as: choice("admin", "staff", "stripe"),
	action: { ...TEXT, description: "Such as config.update." },
	target: orNull(TEXT),
	fields: { ...listOf(TEXT), description: "The names of what was written." },
});

/** What was written, and by whom. */
export const AUDIT_ROOM: OpenapiRoom = {
	schemas: { AuditEntry: AUDIT_ENTRY, Audit: pageOf("entries", "AuditEntry") },
	paths: {
		"/portal/audit": {
			get: ofOrg("listAudit", "For admins and staff: every write, the newest first", "Audit", { parameters: PAGE }),
		},
	},
};
