import type { Call, Fault } from "./wire.ts";

const CONTROL_URL = "http://stand-ins.test/control";

async function send(path: string, init: RequestInit = {}): Promise<string> {
	const response = await fetch(CONTROL_URL + path, init);
	const text = await response.text();
	if (!response.ok) throw new Error(`The stand-ins' control API answered ${response.status}: ${text}`);
	return text;
}

function post(path: string, body: unknown): Promise<string> {
	return send(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

/** Queues faults for the next calls that use this credential (a vendor key; for a Clerk Frontend host, the host; for Google's token endpoint and Vertex AI, the account's address). */
export async function setFaults(credential: string, ...faults: Fault[]): Promise<void> {
	await post("/faults", { credential, faults });
}

/** The calls that used this credential, oldest first. */
export async function callsOf(credential: string): Promise<Call[]> {
	const calls: Call[] = JSON.parse(await send(`/calls?credential=${encodeURIComponent(credential)}`));
	return calls;
}

/** Requests that no vendor serves, over all tests of the process. */
export async function unexpectedRequests(): Promise<{ count: number; requests: string[] }> {
	const unexpected: { count: number; requests: string[] } = JSON.parse(await send("/unexpected"));
	return unexpected;
}

/** Sets the public keys that a Clerk Frontend host serves, replacing those before. */
export async function setKeys(host: string, keys: object[]): Promise<void> {
	await post("/clerk/keys", { host, keys });
}

/** A member as seeded; the stand-in adds what else Clerk tells of one. */
export interface MemberSeed {
	user_id: string;
	role?: string;
	first_name?: string | null;
	last_name?: string | null;
	identifier?: string | null;
	image_url?: string;
	/** Milliseconds since the epoch. */
	created_at?: number;
}

/** Sets the members of a Clerk organization. Without it the organization is unknown (404). */
export async function setMembers(orgId: string, members: MemberSeed[]): Promise<void> {
	await post("/clerk/members", { org_id: orgId, members });
}

/** Seeds `customers`, `subscriptions` and `prices` that this secret key sees, each laid over a whole object of its kind, and changes `checkouts`. */
export async function setStripeState(credential: string, state: Record<string, unknown[]>): Promise<void> {
	await post("/stripe/state", { credential, ...state });
}

/** Tells the stand-in that a conversation was held; fields are laid over a finished one of 42 s. */
export async function setConversation(id: string, state: Record<string, unknown> = {}): Promise<void> {
	await post("/elevenlabs/conversations", { id, ...state });
}

/** Tells Google's stand-in of a service account; its assertions are held against this public key (a JWK). */
export async function setGoogleAccount(email: string, key: object): Promise<void> {
	await post("/google/accounts", { email, key });
}

/** Every bearer that a service account was given ends now. */
export async function revokeBearers(email: string): Promise<void> {
	await post("/google/revoke", { email });
}
