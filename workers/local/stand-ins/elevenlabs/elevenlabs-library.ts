import { failure } from "./elevenlabs-errors.ts";
import { isRecord, jsonAnswer } from "../wire.ts";
import type { Answer, Incoming } from "../wire.ts";

const VOICE_PATH = /^\/v1\/voices\/([^/]+)$/;
const AGENT_PATH = /^\/v1\/convai\/agents\/([^/]+)$/;
const VOICE_ID = /^[A-Za-z0-9]{20}$/;
const AGENT_ID = /^agent_[A-Za-z0-9_]+$/;
/** The default voices that end with 2026, and the one that does not. */
const DEFAULT_VOICES = ["21m00Tcm4TlvDq8ikWAM", "JBFqnCBsd6RMkjVDRZzb", "hpp4J3VqNfWAUOO0d1Us"];

/** What the vendor has stored under an id. */
export interface Agents {
	/** Lays settings over an agent that is private, capped and not in zero-retention mode; `missing: true` = there is none. */
	set(id: string, state: Record<string, unknown>): void;
	get(id: string): Record<string, unknown> | undefined;
}

export function createAgents(): Agents {
	const agents = new Map<string, Record<string, unknown>>();
	return { set: (id, state) => void agents.set(id, state), get: (id) => agents.get(id) };
}

/** A voice or an agent as it is read back; undefined for any other path. */
export function libraryAnswer({ url, method }: Incoming, agents: Agents): Answer | undefined {
	if (method !== "GET") return undefined;
	const [voice, agent] = [VOICE_PATH, AGENT_PATH].map((path) => path.exec(url.pathname)?.[1]);
	if (voice !== undefined) return voiceAnswer(decodeURIComponent(voice));
	return agent === undefined ? undefined : agentAnswer(decodeURIComponent(agent), agents);
}

function voiceAnswer(id: string): Answer {
	if (!VOICE_ID.test(id) || id.startsWith("missing")) return failure(404, { code: "voice_not_found" });
	const category = DEFAULT_VOICES.includes(id) ? "premade" : "professional";
	return jsonAnswer({ voice_id: id, name: "Voice", category, labels: {}, settings: null });
}

function agentAnswer(id: string, agents: Agents): Answer {
	const { missing, conversation, auth, call_limits, privacy } = agents.get(id) ?? {};
	if (!AGENT_ID.test(id) || missing === true) return failure(404, { code: "agent_not_found" });
	return jsonAnswer({
		agent_id: id,
		name: "Agent",
		conversation_config: { conversation: { text_only: false, max_duration_seconds: 600, ...record(conversation) } },
		platform_settings: {
			auth: { enable_auth: true, allowlist: [], ...record(auth) },
			call_limits: { agent_concurrency_limit: 5, daily_limit: 1000, bursting_enabled: false, ...record(call_limits) },
			privacy: { record_voice: false, retention_days: 0, zero_retention_mode: false, ...record(privacy) },
		},
	});
}

function record(value: unknown): Record<string, unknown> {
	return isRecord(value) ? value : {};
}
