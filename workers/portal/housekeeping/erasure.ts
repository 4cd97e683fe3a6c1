/** What the log counts, each by rows. */
export const COUNTED = [
	"sessions",
	"indexed_sessions",
	"messages",
	"leads",
	"questions",
	"voice_sessions",
	"stripe_events",
	"legacy_days",
	"workflow_days",
	"workflow_runs",
	"audit_rows",
	"metrics_days",
	"usage_months",
	"usage_days",
	"client_days",
	"deployment_days",
	"size_days",
	"erasures",
	"erasure_tokens",
	"config_versions",
	"golden_runs",
	"golden_days",
	"safety_days",
	"swept_turns",
	"booking_notes",
] as const;
export type Counted = (typeof COUNTED)[number];

/**
 * A statement that erases the oldest rows of one table. Its limit keeps it under 1,000 rows written, the rows of the table's
 * indexes and those that triggers and foreign keys reach counted with them, and under 1,000 rows read: a test holds it to that.
 */
export interface Erasure {
	of: Counted;
	/** The most rows of the table that it erases, or fewer: as many, or more, mean that there may be more. */
	limit: number;
	sql: string;
}

/** Erasures that run together, as one transaction, until none of them finds as many rows as it may erase. */
export interface Work {
	/** Whose rows they are; undefined = rows that age by themselves, whoever's they are. */
	orgId: string | undefined;
	erasures: readonly Erasure[];
	/** What each of the statements is bound to. */
	parameters: readonly string[];
	/** Text of a `messagesPageSql` with the same parameters: the messages that go first, and their questions with them. */
	messagesSql?: string;
}
