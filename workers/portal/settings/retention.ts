import { taggedJson } from "../../lib/http/conditional.ts";
import type { PrivacyMode } from "../../lib/site/safeguards.ts";
import { readRecorded } from "../audit/reads.ts";
import type { OrgTarget } from "../auth/access.ts";
import {
	AUDIT_DAYS,
	CONFIG_VERSION_DAYS,
	ERASURE_DAYS,
	GOLDEN_RUN_DAYS,
	METRICS_DAYS,
	VOICE_SESSION_DAYS,
} from "../housekeeping/aged-work.ts";
import { configStatement } from "./config-read.ts";
import { shownConfig } from "./config-fields.ts";

/** What D1's Time Travel may bring back, days (developers.cloudflare.com/d1/reference/time-travel, paid plans). */
const BACKUP_DAYS = 30;
/** Of a spoken clip in the edge cache. */
const CLIP_DAYS = 1;

interface Period {
	subject: string;
	/** null = for good */
	days: number | null;
	text: string;
}

/**
 * `GET /portal/retention`: how long an org's data is kept, in words that may be shown to it and to its visitors.
 *
 * Answers 200 `{privacy, periods: [{subject, days, text}]}`; `days` null is for good.
 */
export async function getRetention(db: D1Database, target: OrgTarget, now: number): Promise<Response> {
	const read = { action: "retention.read", now } as const;
	const { row } = await readRecorded(db, target, [configStatement(db, target.ref)], read);
	const { privacy, retention_days: days } = shownConfig(row);
	const mode = privacy === "redact" || privacy === "no_store" ? privacy : "standard";
	return taggedJson({ privacy: mode, periods: periods(mode, typeof days === "number" ? days : 0) });
}

function periods(privacy: PrivacyMode, retentionDays: number): Period[] {
	const days = retentionDays === 0 ? null : retentionDays;
	const voiceDays = days === null ? VOICE_SESSION_DAYS : Math.min(days, VOICE_SESSION_DAYS);
	return [
		{ subject: "conversations", days, text: CONVERSATIONS[privacy](forDays(days)) },
		{
			subject: "leads",
			days,
			text: `What a visitor leaves in the contact form is kept ${forDays(days)} after it came, as it was typed.`,
		},
		{
			subject: "questions",
			days,
			text:
				privacy === "no_store"
					? "Questions are not ranked."
					: `What visitors ask most is kept ${forDays(days)} after it was last asked, without long numbers and what tells who asked.`,
		},
		{
			subject: "voice_conversations",
			days: voiceDays,
			text: `That a voice conversation took place, and its length and cost, are kept ${forDays(voiceDays)}; its words are not kept here.`,
		},
		{
			subject: "spoken_clips",
			days: privacy === "no_store" ? 0 : CLIP_DAYS,
			text:
				privacy === "no_store"
					? "Spoken answers are not kept."
					: "A spoken answer is kept for at most 24 hours, to be played again to who asks the same.",
		},
		{
			subject: "numbers",
			days: METRICS_DAYS,
			text: `Daily counts are kept ${forDays(METRICS_DAYS)}; they hold no words and name nobody.`,
		},
		{
			subject: "audit_log",
			days: AUDIT_DAYS,
			text: `Who changed something, and who read a conversation or a lead, is kept ${forDays(AUDIT_DAYS)}; that something was erased ${forDays(ERASURE_DAYS)}.`,
		},
		{
			subject: "configuration",
			days: CONFIG_VERSION_DAYS,
			text: `Former versions of the configuration are kept ${forDays(CONFIG_VERSION_DAYS)}, the last 200 of them; what golden questions were answered ${forDays(GOLDEN_RUN_DAYS)}.`,
		},
		{
			subject: "backups",
			days: BACKUP_DAYS,
			text: `What was erased can be brought back from the database's own history ${forDays(BACKUP_DAYS)} longer, by its operator alone.`,
		},
	];
}

const CONVERSATIONS: Readonly<Record<PrivacyMode, (kept: string) => string>> = {
	standard: (kept) => `Conversations are kept ${kept} after the last message, as they were written.`,
	redact: (kept) =>
		`Conversations are kept ${kept} after the last message; what tells who a visitor is was replaced before they were stored.`,
	no_store: (kept) =>
		`Of conversations only that they took place is kept, ${kept} after the last message; no word of them is.`,
};

function forDays(days: number | null): string {
	return days === null ? "for good" : `for ${days} days`;
}
