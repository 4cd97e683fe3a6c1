import { fieldsOf, textOf } from "./fields.ts";

/** The subprotocol of ElevenLabs' agents. */
const PROTOCOL = "convai";
/** A socket that has not begun by then does not, ms. */
const BEGIN_MS = 15_000;
const NORMAL = 1000;
/** Where the content of a message stands, unless it is `…_event`. */
const FIELDS: Readonly<Record<string, string>> = {
	user_transcript: "user_transcription_event",
	client_tool_call: "client_tool_call",
};

/** What the agent's side brings about. */
export interface Heard {
	/** The conversation begins; in which formats sound is taken and sent. @returns whether both can be had */
	begun(input: string, output: string): boolean;
	sound(base64: string): void;
	/** The visitor was heard to speak: what is being played is void. */
	interrupted(): void;
	said(by: "visitor" | "assistant", words: string): void;
	/** What the assistant got to say of its last words. */
	corrected(words: string): void;
	/** Once, at the end. @param isWhole the agent's side has ended it as one does */
	ended(isWhole: boolean): void;
}

export interface Line {
	send(base64: string): void;
	/** Nothing is heard of it after that. */
	close(): void;
}

/**
 * Opens the socket of a signed URL, and speaks the protocol of ElevenLabs' agents on it (elevenlabs.io/docs, agents, WebSocket): the first
 * message is the client's, sound goes as base64, a ping is answered.
 */
export function openLine(url: string, heard: Heard): Line {
	const socket = new WebSocket(url, PROTOCOL);
	let isOver = false;
	/** Sound of events up to this one is void. */
	let interruptedAt = -1;
	const send = (message: Record<string, unknown>): void => {
		if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
	};
	const close = (): void => {
		isOver = true;
		clearTimeout(timer);
		socket.close(NORMAL);
	};
	const end = (isWhole: boolean): void => {
		if (isOver) return;
		close();
		heard.ended(isWhole);
	};
	const timer = setTimeout(() => end(false), BEGIN_MS);
	const begin = ({
		user_input_audio_format: input = "pcm_16000",
		agent_output_audio_format: output,
	}: Record<string, unknown>): void => {
		clearTimeout(timer);
		if (!heard.begun(String(input), String(output))) end(false);
	};
	const takes: Readonly<Record<string, (event: Record<string, unknown>) => void>> = {
		conversation_initiation_metadata: begin,
		ping: ({ event_id }) => send({ type: "pong", event_id }),
		audio(event) {
			if (idOf(event) > interruptedAt) heard.sound(textOf(event, "audio_base_64"));
		},
		interruption(event) {
			interruptedAt = idOf(event);
			heard.interrupted();
		},
		user_transcript: (event) => heard.said("visitor", textOf(event, "user_transcript")),
		agent_response: (event) => heard.said("assistant", textOf(event, "agent_response")),
		agent_response_correction: (event) => heard.corrected(textOf(event, "corrected_agent_response")),
		client_tool_call: (event) => send(noSuchTool(event)),
		error: () => end(false),
	};
	socket.addEventListener("open", () => send({ type: "conversation_initiation_client_data" }));
	socket.addEventListener("message", ({ data }) => {
		if (isOver || typeof data !== "string") return;
		const message = fieldsOf(parsed(data));
		const type = textOf(message, "type");
		// What else a vendor may send is of no use here.
		if (Object.hasOwn(takes, type)) takes[type]?.(fieldsOf(message[FIELDS[type] ?? `${type}_event`]));
	});
	socket.addEventListener("close", ({ code }) => end(code === NORMAL));
	return { send: (base64) => send({ user_audio_chunk: base64 }), close };
}

function idOf({ event_id: id }: Record<string, unknown>): number {
	return Number(id) || 0;
}

/** An agent may wait for an answer: this page has no tools. */
function noSuchTool({ tool_call_id: id }: Record<string, unknown>): Record<string, unknown> {
	return { type: "client_tool_result", tool_call_id: id, result: "There is no such tool here.", is_error: true };
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
