import { HAS_KEY_SQL } from "./admission.ts";

/** Whose knowledge is read: that of the org whose site has a key, or of one that its reader was let into. */
export type SearchKey = SiteSearchKey | OrgSearchKey;

export interface SiteSearchKey {
	siteKey: string;
	/** ISO instant, for the grace of the key before the last rotation. */
	now: string;
}

export interface OrgSearchKey {
	/** What names the org. */
	orgRef: string;
	/** SQL over `orgs o`: whether it is the one that ?1 names. */
	isOrg: string;
}

/** The parts of a statement that differ with who reads; ?1 and ?2 are `ownerParameters`. */
export interface OwnerSql {
	/** What gives `orgs o`, and which row of it is meant. */
	from: string;
	where: string;
	/** The messages of a conversation before the one that asks, as `json_each` m of `chat_sessions.topic`; ?4 names it. */
	earlier: { from: string; where: string; age: string };
}

const BY_SITE: OwnerSql = {
	from: "portal_sites s JOIN orgs o ON o.id = s.org_id",
	where: HAS_KEY_SQL,
	// The turn has begun before in the same batch: its own message is the first of the topic.
	earlier: {
		from: "turns t CROSS JOIN chat_sessions c ON c.id = t.session_id CROSS JOIN json_each(c.topic) m ON m.key > 0",
		where: "t.id = ?4",
		age: "m.key - 1",
	},
};

/** A turn of the session would push what it asks before the three newest, and into the place of small talk. */
function byOrg({ isOrg }: OrgSearchKey): OwnerSql {
	const isAfterSmallTalk = "(c.topic -> 0 = '[]')";
	return {
		from: "orgs o",
		where: isOrg,
		earlier: {
			from: `chat_sessions c CROSS JOIN json_each(c.topic) m ON m.key < 3 + ${isAfterSmallTalk}`,
			where: `c.id = ?4 AND c.org_id = (SELECT o.id FROM orgs o WHERE ${isOrg})`,
			age: `(m.key - ${isAfterSmallTalk})`,
		},
	};
}

/** The SQL of a statement by who reads; that of a visitor's turn is made once. */
export function sqlByOwner(make: (owner: OwnerSql) => string): (key: SearchKey) => string {
	const bySite = make(BY_SITE);
	return (key) => ("siteKey" in key ? bySite : make(byOrg(key)));
}

/** What ?1 and ?2 of such a statement are bound to. */
export function ownerParameters(key: SearchKey): [string, string | null] {
	return "siteKey" in key ? [key.siteKey, key.now] : [key.orgRef, null];
}
