/** A counter that is not what the rows say. */
export interface Difference {
	/** Table and column of the counter. */
	counter: string;
	/** Of what within the org: a site, a session, an entry, a month; "" = the org itself. */
	id: string;
	/** UTC day; "" = it is of no day. */
	date: string;
	counted: number;
	/** What the rows say. */
	rows: number;
	/** The rows are all there, so that the counter can be put right. */
	isCertain: boolean;
	/** The statement that puts it right, as long as the counter still says what was read. */
	mend: D1PreparedStatement;
}

/** What of a day's rows is there, so that a counter which says more than they do says something. */
export interface RowsThere {
	/** Nothing was erased since. */
	isKept: boolean;
	/** And all of them were looked at. */
	isWhole: boolean;
}

/** Which days of an org's are compared, and with how much of it. */
export interface ComparedDay {
	orgId: string;
	/** UTC day. */
	date: string;
	/** The day after it. */
	nextDate: string;
	/** Instant or day: conversations that began before are not looked at; "" = all are. */
	since: string;
}
