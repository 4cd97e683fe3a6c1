import type { ElevenLabsFacts } from "../facts.ts";
import { ask, askEach } from "./ask.ts";
import type { Asking } from "./ask.ts";

/** What is looked at. */
interface Library {
	/** The first is the default voice. */
	voices: readonly string[];
	modelId: string;
	outputFormat: string;
	agents: readonly string[];
}

/**
 * What ElevenLabs tells of voices and agents, and whether the key may do what the workers do: one character is spoken, at most one
 * credit, and a door to a conversation opened, which costs nothing unless somebody goes through it.
 */
export async function elevenLabsFacts(
	asking: Asking,
	baseUrl: string,
	apiKey: string,
	{ voices, modelId, outputFormat, agents }: Library,
): Promise<ElevenLabsFacts> {
	const headers = { "xi-api-key": apiKey };
	const read = (path: string) => ask(asking, `${baseUrl}/v1/${path}`, { headers });
	const [voice = "", agent] = [voices[0], agents[0]];
	const speech = `${baseUrl}/v1/text-to-speech/${encodeURIComponent(voice)}?output_format=${encodeURIComponent(outputFormat)}`;
	const [voiceReplies, speechReply, agentReplies, mint] = await Promise.all([
		askEach(voices, (id) => read(`voices/${encodeURIComponent(id)}`)),
		ask(asking, speech, { method: "POST", headers, body: { text: ".", model_id: modelId } }),
		askEach(agents, (id) => read(`convai/agents/${encodeURIComponent(id)}`)),
		agent === undefined
			? undefined
			: read(`convai/conversation/get-signed-url?agent_id=${encodeURIComponent(agent)}&include_conversation_id=true`),
	]);
	return { voices: voiceReplies, speech: speechReply, agents: agentReplies, mint };
}
