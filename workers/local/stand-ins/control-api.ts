import type { ClerkState } from "./clerk/clerk.ts";
import type { Agents } from "./elevenlabs/elevenlabs-library.ts";
import type { Conversations } from "./elevenlabs/elevenlabs-conversations.ts";
import type { GoogleAccounts } from "./google/accounts.ts";
import type { Ledger } from "./ledger.ts";
import type { StripeState } from "./stripe/stripe.ts";
import { isRecord, jsonAnswer, parseJson } from "./wire.ts";
import type { Answer, Fault } from "./wire.ts";

/** What the control API reads and sets. */
export interface ControlState {
	ledger: Ledger;
	conversations: Conversations;
	agents: Agents;
	clerk: ClerkState;
	stripe: StripeState;
	google: GoogleAccounts;
	/** Requests that no vendor serves. */
	unexpected: { count: number; requests: string[] };
}

type Body = Record<string, unknown>;

/** `/control/…`; undefined when there is no such command. A malformed command is a 400 that says what is wrong. */
export async function controlAnswer(request: Request, url: URL, state: ControlState): Promise<Answer | undefined> {
	const { ledger } = state;
	const credential = url.searchParams.get("credential") ?? "";
	const command = `${request.method} ${url.pathname}`;
	if (command === "GET /control/calls") return jsonAnswer(ledger.callsOf(credential));
	if (command === "DELETE /control/calls") return done(() => ledger.forget(credential));
	if (command === "GET /control/unexpected") return jsonAnswer(state.unexpected);
	if (command === "DELETE /control/unexpected")
		return done(() => void Object.assign(state.unexpected, { count: 0, requests: [] }));
	if (request.method !== "POST") return undefined;
	const body = parseJson(await request.text());
	if (!isRecord(body)) return jsonAnswer({ error: "The body must be a JSON object." }, 400);
	try {
		return await post(url.pathname, body, state);
	} catch (error) {
		return jsonAnswer({ error: error instanceof Error ? error.message : String(error) }, 400);
	}
}

async function post(path: string, body: Body, state: ControlState): Promise<Answer | undefined> {
	switch (path) {
		case "/control/faults":
			return done(() => state.ledger.queueFaults(stringOf(body, "credential"), faultsOf(body)));
		case "/control/elevenlabs/conversations":
			return done(() => state.conversations.set(stringOf(body, "id"), withoutId(body)));
		case "/control/elevenlabs/agents":
			return done(() => state.agents.set(stringOf(body, "id"), withoutId(body)));
		case "/control/google/accounts":
			return done(() => state.google.register(stringOf(body, "email"), recordOf(body, "key")));
		case "/control/google/revoke":
			return done(() => state.google.revoke(stringOf(body, "email")));
		case "/control/clerk/keys":
			return done(() => state.clerk.setKeys(stringOf(body, "host"), listOf(body, "keys")));
		case "/control/clerk/members":
			return done(() => state.clerk.setMembers(stringOf(body, "org_id"), listOf(body, "members")));
		case "/control/clerk/token":
			return jsonAnswer({ token: await state.clerk.mint(body) });
		case "/control/stripe/state":
			return done(() => state.stripe.seed(stringOf(body, "credential"), body));
		case "/control/stripe/send":
			return jsonAnswer(await state.stripe.send(stringOf(body, "url"), stringOf(body, "secret"), body.event));
		default:
			return undefined;
	}
}

function done(act: () => void): Answer {
	act();
	return { status: 204, headers: {}, chunks: [] };
}

function stringOf(body: Body, name: string): string {
	const value = body[name];
	if (typeof value !== "string" || value === "") throw new Error(`"${name}" must be a non-empty string.`);
	return value;
}

function listOf(body: Body, name: string): Body[] {
	const value = body[name];
	if (!Array.isArray(value) || !value.every(isRecord)) throw new Error(`"${name}" must be a list of objects.`);
	return value;
}

function recordOf(body: Body, name: string): Body {
	const value = body[name];
	if (!isRecord(value)) throw new Error(`"${name}" must be an object.`);
	return value;
}

/** Every field, by the compiler's word. */
const FAULT_FIELDS: Record<keyof Fault, true> = {
	times: true,
	path: true,
	delay_ms: true,
	hang: true,
	reset: true,
	status: true,
	code: true,
	shape: true,
	retry_after_seconds: true,
	replace: true,
	body: true,
	chunks_base64: true,
	redirect: true,
	content_type: true,
	headers: true,
	chunk_delay_ms: true,
	cut_after: true,
	end_after: true,
	stall_after: true,
	error_event_after: true,
	error_shape: true,
	page_after: true,
	half_after: true,
	reply: true,
	expires_in: true,
};

/** A fault with a misspelt field would quietly do nothing, so it is refused. */
function isFault(value: Body): value is Body & Fault {
	const unknown = Object.keys(value).find((name) => !Object.hasOwn(FAULT_FIELDS, name));
	if (unknown !== undefined) throw new Error(`A fault has no field "${unknown}".`);
	return true;
}

function faultsOf(body: Body): Fault[] {
	return listOf(body, "faults").filter(isFault);
}

function withoutId({ id: _id, ...rest }: Body): Body {
	return rest;
}
