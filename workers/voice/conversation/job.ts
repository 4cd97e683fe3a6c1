import type { RequestContext } from "../../lib/http/serve.ts";
import type { ElevenLabs } from "../elevenlabs/call.ts";

/** How long a signed URL can begin a conversation, seconds (ElevenLabs: 15 minutes; one that runs goes on). */
export const START_WINDOW_SECONDS = 900;
/**
 * Conversations of one client that were said to have ended, and of which ElevenLabs has not told yet, count beside its open ones up
 * to so many times its cap: a caller who lies about their end gets no further.
 */
export const UNPROVEN_FACTOR = 2;

/** How long a conversation may take to end beyond its longest time, seconds: its cost is reserved for that as well. */
export const ENDING_SECONDS = 60;

/** The bounds of a deployment's conversations. */
export interface ConversationRules {
	/** The agent of sites that have none of their own; null = none. */
	defaultAgentId: string | null;
	/** Open conversations per site. */
	maxOpen: number;
	/** How many of these one client may have. */
	maxOpenOfClient: number;
	/** Longest conversation booked, seconds. */
	maxSeconds: number;
	/** Micro-USD that all orgs together may cost on a UTC day. */
	deploymentBudget: number;
}

/** One `POST /session`. */
export interface ConversationJob extends RequestContext, ConversationRules {
	sessionId: string;
	vendor: ElevenLabs;
	/** As `clientDigest`. */
	clientHash: string;
}
