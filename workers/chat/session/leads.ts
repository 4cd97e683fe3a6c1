import type { SiteCaller } from "../../lib/site/admission.ts";
import type { FieldError } from "../../lib/http/errors.ts";
import { invalidFields, textField } from "../../lib/http/fields.ts";
import { readJsonObject } from "../../lib/http/body.ts";
import { utcDate } from "../../lib/time.ts";
import { agreedSql, sentConsent } from "../../lib/consent/consent.ts";
import { isEmailAddress } from "./email-address.ts";
import { takeLeadAlone } from "./lead-alone.ts";
import type { LeadWords } from "./lead-alone.ts";
import type { RequestContext } from "../../lib/http/serve.ts";
import { OPEN_SESSION_SQL, idField, noSession, sessionParameters, visitorOf } from "./session.ts";
import type { SessionKey, WritingBindings } from "./session.ts";
import { admit, consentingRequest, headerSiteRequest } from "../../lib/site/admit.ts";

/** Code points, after trimming. */
const NAME_MAX_CHARS = 200;
/** An address can be no longer (RFC 5321, 4.5.3.1.3). */
const EMAIL_MAX_CHARS = 254;
/** Code points, after trimming. */
const MESSAGE_MAX_CHARS = 2000;

/** What a lead is sent with. */
interface Lead extends LeadWords {
	/** null = its visitor has begun none. */
	session: SessionKey | null;
}

/**
 * `POST /leads`: how a visitor can be reached. A session has one lead: sent again it replaces what was sent before, so that a
 * mistyped address can be put right and a form that is sent twice asks nothing of the page; it counts once. Without `session_id` it is
 * that of a visitor who has begun none, as `takeLeadAlone` says.
 *
 * Body `{session_id?, email, name?, message?}`; whose session it is, `X-Visitor-Id` says, as for `GET /sessions/{id}`. Answers 204.
 * @throws {ApiError} unsupported_media_type, payload_too_large, invalid_json, invalid_request, those of `headerSiteRequest` and `admit`;
 *   not_found; as `takeLeadAlone`
 */
export async function postLead(
	request: Request,
	bindings: WritingBindings,
	context: RequestContext,
): Promise<Response> {
	const by = { visitorId: visitorOf(request), consent: sentConsent(request) };
	const lead = parseLead(await readJsonObject(request, bindings.maxBodyBytes()), by);
	const keyed = await consentingRequest(headerSiteRequest(bindings.site, request, context), lead.consent);
	const { session } = lead;
	if (session === null) {
		await takeLeadAlone(keyed, lead);
		return new Response(null, { status: 204 });
	}
	const { results } = await admit(keyed, {
		kind: "lead",
		whenBroken: "allow",
		statements: (db, caller) => [metricsStatement(db, caller, session), leadStatement(db, caller, session, lead)],
	});
	if (results[1]?.length !== 1) throw noSession();
	return new Response(null, { status: 204 });
}

function parseLead(
	body: Record<string, unknown>,
	{ visitorId, consent }: { visitorId: string | null; consent: string | null },
): Lead {
	const faults: FieldError[] = [];
	const named = Object.hasOwn(body, "session_id") ? (body["session_id"] ?? null) : null;
	const sessionId = named === null ? null : idField(body, "session_id", faults);
	const name = textField(body, "name", { min: 0, max: NAME_MAX_CHARS, stored: "line" }, faults) ?? "";
	const email = emailField(body, faults);
	const message = textField(body, "message", { min: 0, max: MESSAGE_MAX_CHARS, stored: "lines" }, faults) ?? "";
	if (faults.length > 0) throw invalidFields(faults);
	return {
		session: sessionId === null ? null : { sessionId, visitorId },
		consent,
		name: name === "" ? null : name,
		email,
		message: message === "" ? null : message,
	};
}

function emailField(body: Record<string, unknown>, faults: FieldError[]): string {
	const before = faults.length;
	const email = textField(body, "email", { min: 1, max: EMAIL_MAX_CHARS }, faults) ?? "";
	if (faults.length === before && !isEmailAddress(email))
		faults.push({ field: "email", message: "must be an e-mail address" });
	return email;
}

/** Counts the session's first lead, on the day it comes; so it goes before `leadStatement`. */
function metricsStatement(db: D1Database, caller: SiteCaller, session: SessionKey): D1PreparedStatement {
	return db
		.prepare(`
			INSERT INTO metrics_daily (org_id, date, site_id, last_at, leads)
			SELECT c.org_id, ?9, c.site_id, ?2, 1 ${OPEN_SESSION_SQL}
				AND ${agreedSql("?10")} AND NOT EXISTS (SELECT 1 FROM leads WHERE session_id = c.id)
			ON CONFLICT (org_id, date, site_id) DO UPDATE SET last_at = MAX(last_at, excluded.last_at), leads = leads + 1
		`)
		.bind(...sessionParameters(caller, session), utcDate(Date.parse(caller.now)), caller.agreedTo ?? null);
}

function leadStatement(
	db: D1Database,
	caller: SiteCaller,
	session: SessionKey,
	{ consent, name, email, message }: Lead,
): D1PreparedStatement {
	return db
		.prepare(`
			INSERT INTO leads (id, org_id, site_id, session_id, created_at, name, email, message, consent_version)
			SELECT ?9, c.org_id, c.site_id, c.id, ?2, ?10, ?11, ?12, ?13 ${OPEN_SESSION_SQL} AND ${agreedSql("?14")}
			ON CONFLICT (session_id) DO UPDATE SET name = excluded.name, email = excluded.email, message = excluded.message,
				consent_version = excluded.consent_version
			RETURNING id
		`)
		.bind(
			...sessionParameters(caller, session),
			...[crypto.randomUUID(), name, email, message, consent, caller.agreedTo ?? null],
		);
}
