import { isRecord, parseJson } from "../../wire.ts";
import { loudness, sounding, toBase64 } from "./sound.ts";

/** What is sent and taken, samples a second. */
const RATE = 16_000;
const FORMAT = `pcm_${RATE}`;
/** Of 16 bits: what is louder is taken for a voice. */
const VOICE = 1_500;
/** So long a pause after a voice ends what was said, ms of sound; longer talk is answered without one. */
const PAUSE_MS = 350;
const LONGEST_MS = 6_000;
/** So much of a voice interrupts the agent, ms of sound. */
const INTERRUPTING_MS = 120;
const MS = 1_000;

/** What it hears, whatever was said, and what it says then. After the last it hangs up. */
const TURNS = [
	["When are you open?", "We are open Monday to Friday, from nine in the morning to five in the afternoon."],
	["And on Saturdays?", "On Saturdays and Sundays we are closed. Is there anything else?"],
	["No, thank you.", "You are welcome. Goodbye!"],
] as const;
const GREETING = "Hello! This is a stand-in for the agent. It hears that you speak, and not what. How can I help you?";

/** The other end of the socket. */
export interface Line {
	send(message: Record<string, unknown>): void;
	close(code: number, reason: string): void;
	/** Calls back once, ms from now. */
	later(ms: number, act: () => void): void;
	now(): number;
}

/** A conversation under way, by the protocol of ElevenLabs' agents (schemas/agent.asyncapi.yaml). */
export interface Call {
	/** Takes a message of the client's. */
	take(text: string): void;
	/** Asks whether the client is there. */
	ping(): void;
}

/** An agent that greets, hears a canned question where somebody speaks, answers in tones, and can be interrupted. */
export function createCall(conversationId: string, line: Line): Call {
	let isBegun = false;
	let events = 0;
	let turn = 0;
	let speaksUntil = 0;
	let voiceMs = 0;
	let pauseMs = 0;

	const say = (words: string): void => {
		line.send({ type: "agent_response", agent_response_event: { agent_response: words } });
		events += 1;
		// All at once, as a vendor sends faster than one listens.
		const chunks = sounding(words, RATE);
		for (const chunk of chunks)
			line.send({ type: "audio", audio_event: { audio_base_64: toBase64(chunk), event_id: events } });
		const seconds = chunks.reduce((sum, { length }) => sum + length, 0) / RATE;
		speaksUntil = Math.max(line.now(), speaksUntil) + seconds * MS;
	};
	const interrupt = (): void => {
		speaksUntil = 0;
		line.send({ type: "interruption", interruption_event: { event_id: events } });
	};
	const answer = (): void => {
		const [heard, said] = TURNS[turn] ?? [];
		if (heard === undefined || said === undefined) return;
		turn += 1;
		line.send({ type: "user_transcript", user_transcription_event: { user_transcript: heard } });
		say(said);
		if (turn === TURNS.length)
			line.later(speaksUntil - line.now(), () => line.close(1000, "The agent has ended the call."));
	};
	const hear = (base64: string): void => {
		const { peak, ms } = loudness(base64, RATE);
		if (peak > VOICE) {
			voiceMs += ms;
			pauseMs = 0;
		} else if (voiceMs > 0) pauseMs += ms;
		const isSpeaking = line.now() < speaksUntil;
		if (isSpeaking && voiceMs >= INTERRUPTING_MS) {
			interrupt();
			return;
		}
		if (voiceMs === 0 || (pauseMs < PAUSE_MS && voiceMs < LONGEST_MS)) return;
		voiceMs = 0;
		pauseMs = 0;
		// A noise while the agent speaks is no question.
		if (!isSpeaking) answer();
	};
	const begin = (): void => {
		isBegun = true;
		line.send({
			type: "conversation_initiation_metadata",
			conversation_initiation_metadata_event: {
				conversation_id: conversationId,
				agent_output_audio_format: FORMAT,
				user_input_audio_format: FORMAT,
			},
		});
		say(GREETING);
	};
	return {
		take(text) {
			const message = parseJson(text);
			if (!isRecord(message)) line.close(1008, "A message must be a JSON object.");
			else if (message.type === "conversation_initiation_client_data" && !isBegun) begin();
			else if (!isBegun) line.close(1008, "The first message must be conversation_initiation_client_data.");
			else if (typeof message.user_audio_chunk === "string") hear(message.user_audio_chunk);
			// What else a client may send (pong, user_activity …) is not answered.
			else if (typeof message.type !== "string") line.close(1008, "A message needs a type.");
		},
		ping() {
			events += 1;
			line.send({ type: "ping", ping_event: { event_id: events, ping_ms: 0 } });
		},
	};
}
