import { expect, it } from "vitest";
import { createCall } from "../elevenlabs/talk/call.ts";
import type { Call } from "../elevenlabs/talk/call.ts";
import { toBase64 } from "../elevenlabs/talk/sound.ts";
import { harness } from "./harness.ts";

const RATE = 16_000;
const BEGIN = { type: "conversation_initiation_client_data" };

/** A call whose clock stands until it is moved. */
function talk() {
	const sent: Record<string, unknown>[] = [];
	const closed: [number, string][] = [];
	const later: [number, () => void][] = [];
	const clock = { ms: 0 };
	const call: Call = createCall("conv_test", {
		send: (message) => sent.push(message),
		close: (code, reason) => closed.push([code, reason]),
		later: (ms, act) => later.push([ms, act]),
		now: () => clock.ms,
	});
	const take = (message: unknown): void => call.take(JSON.stringify(message));
	const hear = (ms: number, peak: number): void =>
		take({ user_audio_chunk: toBase64(new Int16Array((RATE * ms) / 1000).fill(peak)) });
	const types = (): unknown[] => sent.map(({ type }) => type).filter((type, at, all) => type !== all[at - 1]);
	return { call, take, hear, types, sent, closed, later, clock };
}

it("names its formats first, and greets in words and in sound", () => {
	const { take, types, sent } = talk();
	take(BEGIN);
	expect(types()).toEqual(["conversation_initiation_metadata", "agent_response", "audio"]);
	expect(sent[0]).toMatchObject({
		conversation_initiation_metadata_event: {
			conversation_id: "conv_test",
			agent_output_audio_format: "pcm_16000",
			user_input_audio_format: "pcm_16000",
		},
	});
});

it("hears a question after a voice and a pause, answers, and at last hangs up", () => {
	const { take, hear, types, sent, closed, later, clock } = talk();
	take(BEGIN);
	for (let turn = 0; turn < 3; turn += 1) {
		clock.ms += 100_000;
		sent.length = 0;
		hear(200, 9_000);
		expect(types()).toEqual([]);
		hear(400, 0);
		expect(types()).toEqual(["user_transcript", "agent_response", "audio"]);
	}
	expect(closed).toEqual([]);
	later.at(-1)?.[1]();
	expect(closed).toEqual([[1000, "The agent has ended the call."]]);
});

it("is interrupted by a voice while it speaks, and not by silence", () => {
	const { take, hear, sent, types } = talk();
	take(BEGIN);
	sent.length = 0;
	hear(2_000, 0);
	expect(types()).toEqual([]);
	hear(200, 9_000);
	expect(types()).toEqual(["interruption"]);
});

it.each([
	["a first message of another kind", { user_audio_chunk: "" }],
	["no object", "hello"],
])("closes the line on %s", (_, message) => {
	const { take, closed } = talk();
	take(message);
	expect(closed).toEqual([[1008, expect.any(String)]]);
});

it("asks whether the client is there, and takes its answer", () => {
	const { call, take, sent, closed } = talk();
	take(BEGIN);
	call.ping();
	expect(sent.at(-1)).toMatchObject({ type: "ping", ping_event: { ping_ms: 0 } });
	take({ type: "pong", event_id: 2 });
	expect(closed).toEqual([]);
});

it("gives out a socket of this machine where it is asked on it, good once, and the vendor's where it stands for that", async () => {
	const { fetch, standIns } = harness();
	const path = "/v1/convai/conversation/get-signed-url?agent_id=agent_a&include_conversation_id=true";
	const signed = async (origin: string): Promise<URL> => {
		const answer: { signed_url: string } = JSON.parse(
			await (await fetch(origin + path, { headers: { "xi-api-key": "key-talk" } })).text(),
		);
		return new URL(answer.signed_url);
	};
	const local = await signed("http://127.0.0.1:8787");
	expect(local.origin + local.pathname).toBe("ws://127.0.0.1:8787/v1/convai/conversation");
	expect((await signed("https://api.elevenlabs.io")).origin).toBe("wss://api.elevenlabs.io");
	const id = local.searchParams.get("conversation_id") ?? "";
	expect([1, 2].map(() => standIns.conversations.begin(id))).toEqual([true, false]);
});
