import { numberColumn } from "../../lib/d1/row.ts";
import { retryLater } from "../../lib/http/errors.ts";
import { agreedSql } from "../../lib/consent/consent.ts";
import { ADMITTED_SQL, admissionParameters } from "../../lib/site/admission.ts";
import type { SiteCaller } from "../../lib/site/admission.ts";
import { admit } from "../../lib/site/admit.ts";
import type { SiteRequest } from "../../lib/site/admit.ts";
import { DAY_MS, isoInstant } from "../../lib/time.ts";

/** A visitor who wants to be written to. */
export interface LeadWords {
	/** As `sentConsent`. */
	consent: string | null;
	name: string | null;
	email: string;
	message: string | null;
}

/**
 * How many leads of a site and UTC day there may be before one without a conversation is refused. A conversation costs whoever fills
 * a table with leads a turn of the plan each; without one, nothing else would stand in their way but the burst limits.
 */
const DAY_MAX_LEADS = 500;

/**
 * Takes the lead of a visitor who has begun no conversation, say as the plan is used up. The very same again within a day changes
 * nothing; one that differs is another lead, as nothing proves that it comes from the same person.
 * @throws {ApiError} as `admit`; rate_limited: its site has had too many on this day
 */
export async function takeLeadAlone(request: SiteRequest, lead: LeadWords): Promise<void> {
	const { results } = await admit(request, {
		kind: "lead",
		whenBroken: "allow",
		statements: (db, caller) => [
			roomStatement(db, caller, request.date),
			leadStatement(db, caller, request.date, lead),
			metricsStatement(db, caller, request.date),
		],
	});
	const [[room] = []] = results;
	if (room !== undefined && numberColumn(room, "is_full") === 0) return;
	const seconds = (Date.parse(request.date) + DAY_MS - request.startedAt) / 1000;
	throw retryLater(
		"rate_limited",
		"This assistant takes no more addresses today; please come back tomorrow, after 00:00 UTC.",
		seconds,
	);
}

/** Over `portal_sites s`; the day is ?6. */
const IS_FULL = `COALESCE((SELECT m.leads FROM metrics_daily m WHERE m.org_id = s.org_id AND m.date = ?6 AND m.site_id = s.id), 0)
	>= ${DAY_MAX_LEADS}`;
const ADMITTED_SITE = `FROM portal_sites s JOIN orgs o ON o.id = s.org_id WHERE ${ADMITTED_SQL}`;

function roomStatement(db: D1Database, caller: SiteCaller, date: string): D1PreparedStatement {
	return db.prepare(`SELECT ${IS_FULL} AS is_full ${ADMITTED_SITE}`).bind(...admissionParameters(caller), date);
}

function leadStatement(
	db: D1Database,
	caller: SiteCaller,
	date: string,
	{ consent, name, email, message }: LeadWords,
): D1PreparedStatement {
	const since = isoInstant(Date.parse(caller.now) - DAY_MS);
	return db
		.prepare(`
			INSERT INTO leads (id, org_id, site_id, created_at, name, email, message, consent_version)
			SELECT ?7, s.org_id, s.id, ?2, ?8, ?9, ?10, ?11 ${ADMITTED_SITE} AND ${agreedSql("?12")} AND NOT ${IS_FULL}
				AND NOT EXISTS (
					SELECT 1 FROM leads l INDEXED BY leads_by_email
					WHERE l.org_id = s.org_id AND l.email = ?9 COLLATE NOCASE AND l.site_id = s.id AND l.session_id IS NULL
						AND l.created_at > ?13 AND l.name IS ?8 AND l.message IS ?10)
		`)
		.bind(
			...[...admissionParameters(caller), date, crypto.randomUUID(), name, email, message],
			...[consent, caller.agreedTo ?? null, since],
		);
}

/** Counts the lead that the statement before it has written, if it has. */
function metricsStatement(db: D1Database, caller: SiteCaller, date: string): D1PreparedStatement {
	return db
		.prepare(`
			INSERT INTO metrics_daily (org_id, date, site_id, last_at, leads)
			SELECT s.org_id, ?6, s.id, ?2, 1 ${ADMITTED_SITE} AND changes() = 1
			ON CONFLICT (org_id, date, site_id) DO UPDATE SET last_at = MAX(last_at, excluded.last_at), leads = leads + 1
		`)
		.bind(...admissionParameters(caller), date);
}
