import type { Host } from "../host/start.ts";
import type { Dice } from "../parts/random.ts";
import type { Ledger } from "./ledger.ts";

/** A customer of the soak. All that is written for it holds its marker, which nobody else may ever be shown. */
export interface Org {
	id: string;
	marker: string;
	chatSite: string;
	chatKey: string;
	voiceSite: string;
	voiceKey: string;
	customerId: string;
	/** Authorization headers. */
	admins: [string, ...string[]];
	members: [string, ...string[]];
	/** Articles and answers made by the soak. */
	entries: string[];
}

/** A conversation that a visitor may go on with. */
export interface OpenSession {
	org: Org;
	id: string;
	visitor: string;
	/** The last answer. */
	messageId: string;
}

export interface World {
	host: Host;
	dice: Dice;
	ledger: Ledger;
	orgs: [Org, ...Org[]];
	staff: string;
	/** The latest, which visitors come back to. */
	sessions: OpenSession[];
	/** Voice sessions that were opened and not yet ended. */
	conversations: { org: Org; id: string; conversationId: string }[];
	/** Texts that were spoken before. */
	spoken: { org: Org; text: string }[];
	/** Ends when the workers are back; undefined = they are up. */
	down: Promise<void> | undefined;
	/** When they were killed, ms. */
	killedAt: number[];
	/** The next number of a question, visitor or client. */
	count(): number;
}

const PLANS = ["enterprise", "voice", "enterprise", "voice"] as const;
const TOKEN_SECONDS = 7200;

/** Letters that no vendor, schema or configuration of ours contains. */
function markerOf(index: number): string {
	return `qx${"abcd"[index] ?? "z"}vjzk`;
}

export const MARKERS = PLANS.map((_, index) => markerOf(index));

/** Makes the soak's customers, beside the samples. */
export async function makeOrgs(host: Host): Promise<[Org, ...Org[]]> {
	const [first, ...rest] = await Promise.all(PLANS.map((plan, index) => makeOrg(host, plan, index)));
	if (first === undefined) throw new Error("There is no org.");
	return [first, ...rest];
}

async function makeOrg(host: Host, plan: string, index: number): Promise<Org> {
	const marker = markerOf(index);
	const id = `org_soak${index}`;
	const org: Org = {
		id,
		marker,
		chatSite: `site_soak${index}_chat`,
		chatKey: `sk_soak${index}_live_chat${index}`,
		voiceSite: `site_soak${index}_voice`,
		voiceKey: `sk_soak${index}_live_voice${index}`,
		customerId: `cus_soak${index}`,
		...(await tokensOf(host, id)),
		entries: [],
	};
	const statements = [
		`INSERT INTO orgs (id, name, slug, plan, stripe_customer_id) VALUES ('${id}', 'Soak ${index}', 'soak-${index}', '${plan}', '${org.customerId}')`,
		`INSERT INTO portal_sites (id, org_id, site_key, name, type) VALUES ('${org.chatSite}', '${id}', '${org.chatKey}', 'Chat', 'chatbot')`,
		`INSERT INTO portal_sites (id, org_id, site_key, name, type, agent_id) VALUES ('${org.voiceSite}', '${id}', '${org.voiceKey}', 'Voice', 'voice', 'agent_soak${index}')`,
		`INSERT INTO org_config (org_id, greeting, instructions, suggested_questions) VALUES ('${id}', 'Welcome to ${marker}', 'You answer for ${marker}, kindly.', '["What is ${marker}?"]')`,
	];
	for (const sql of statements) await host.sql(sql);
	return org;
}

/** The Authorization headers of an org's people, as long as Clerk's stand-in runs. */
export async function tokensOf(host: Host, orgId: string): Promise<Pick<Org, "admins" | "members">> {
	const token = (role: string, number: number): Promise<string> =>
		bearer(host, { user_id: `user_${orgId.slice("org_".length)}${role}x${number}`, org_id: orgId, org_role: role });
	return {
		admins: [await token("admin", 1), await token("admin", 2)],
		members: [await token("member", 1), await token("member", 2)],
	};
}

/** The Authorization header of a session that Clerk's stand-in vouches for. */
export async function bearer(host: Host, claims: object): Promise<string> {
	const asked = { host: host.clerkHost, version: 2, expires_in: TOKEN_SECONDS, ...claims };
	return `Bearer ${String((await host.standIns("/clerk/token", asked)).token)}`;
}
