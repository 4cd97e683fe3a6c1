import { isLoopback } from "../../../lib/http/loopback.ts";
import { failure, validationError } from "./elevenlabs-errors.ts";
import { isRecord, jsonAnswer, randomId } from "../wire.ts";
import type { Answer, Incoming } from "../wire.ts";

const SIGNED_URL_PATH = "/v1/convai/conversation/get-signed-url";
const READ_BACK_PATH = /^\/v1\/convai\/conversations\/([^/]+)$/;
const AGENT_ID = /^agent_[A-Za-z0-9_]+$/;
const MAX_CONVERSATIONS = 5_000;

export interface Conversations {
	/** What the vendor knows of a conversation that was held; laid over a finished one of 42 s. */
	set(id: string, state: Record<string, unknown>): void;
	get(id: string): Record<string, unknown> | undefined;
	/** Gives out a signed URL for one. */
	mint(id: string): void;
	/** Takes the signed URL of one. @returns whether it was given out, and is used for the first time */
	begin(id: string): boolean;
}

/** Conversations by id. A minted id that nobody used has none: its read-back is 404. */
export function createConversations(): Conversations {
	const held = new Map<string, Record<string, unknown>>();
	const minted = new Set<string>();
	return {
		set(id, state) {
			held.set(id, state);
			const [oldest] = held.keys();
			if (held.size > MAX_CONVERSATIONS && oldest !== undefined) held.delete(oldest);
		},
		get: (id) => held.get(id),
		mint(id) {
			minted.add(id);
			const [oldest] = minted;
			if (minted.size > MAX_CONVERSATIONS && oldest !== undefined) minted.delete(oldest);
		},
		begin: (id) => minted.delete(id),
	};
}

export function conversationAnswer(call: Incoming, conversations: Conversations): Answer | undefined {
	if (call.url.pathname === SIGNED_URL_PATH) return signedUrl(call.url, conversations);
	const id = READ_BACK_PATH.exec(call.url.pathname)?.[1];
	if (id === undefined) return undefined;
	const state = conversations.get(decodeURIComponent(id));
	return state === undefined ? failure(404, { code: "conversation_not_found" }) : jsonAnswer(conversation(id, state));
}

/**
 * The conversation id travels inside the URL, and only when it was asked for. Asked on this machine, the socket is on it as well: the
 * browser that is sent there asks nobody else.
 */
function signedUrl({ searchParams: query, hostname, host }: URL, conversations: Conversations): Answer {
	const agentId = query.get("agent_id");
	if (agentId === null) return validationError(["query", "agent_id"], "Field required", "missing");
	if (!AGENT_ID.test(agentId)) return failure(404, { code: "agent_not_found" });
	const origin = isLoopback(hostname) ? `ws://${host}` : "wss://api.elevenlabs.io";
	const url = new URL(`${origin}/v1/convai/conversation`);
	url.searchParams.set("agent_id", agentId);
	url.searchParams.set("conversation_signature", randomId("cvtkn_", 28));
	const id = randomId("conv_", 26);
	if (query.get("include_conversation_id") === "true") {
		url.searchParams.set("conversation_id", id);
		conversations.mint(id);
	}
	return jsonAnswer({ signed_url: url.href });
}

function conversation(id: string, state: Record<string, unknown>): Record<string, unknown> {
	const metadata = {
		start_time_unix_secs: 1_790_000_000,
		call_duration_secs: 42,
		cost: 280,
		cost_fiat: 0.056,
		termination_reason: "Client disconnected: 1000",
		authorization_method: "signed_url",
		queue_wait_secs: 0,
		error: null,
		...(isRecord(state.metadata) ? state.metadata : {}),
	};
	return {
		agent_id: "agent_standin",
		conversation_id: id,
		status: "done",
		transcript: [
			{ role: "agent", message: "Hello! How can I help you?", time_in_call_secs: 0 },
			{ role: "user", message: "When are you open?", time_in_call_secs: 4 },
		],
		analysis: { transcript_summary: "The caller asked for the opening hours.", call_successful: "success" },
		user_id: null,
		has_audio: true,
		...state,
		metadata,
	};
}
