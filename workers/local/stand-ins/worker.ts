import { socketAnswer } from "./elevenlabs/talk/socket.ts";
import { createStandIns } from "./index.ts";
import type { OwnStandIns } from "./index.ts";

interface StandInEnv {
	/** Wait between the chunks of streamed answers, ms. */
	CHUNK_GAP_MS?: string;
	/** Gives the vectors for a POST of a JSON list of texts: a model that runs where workerd was started. */
	EMBEDDER?: Fetcher;
}

let standIns: OwnStandIns | undefined;

/**
 * The stand-ins as a worker of their own; `CHUNK_GAP_MS` paces streamed answers for a human's eyes. On workerd's own
 * socket a reset comes as 500, a cut as a clean end, and a caller who leaves goes unnoticed: for those faults serve them
 * through outbound.ts.
 */
export default {
	async fetch(request: Request, { CHUNK_GAP_MS = "0", EMBEDDER }: StandInEnv): Promise<Response> {
		standIns ??= createStandIns({
			chunkGapMs: Number(CHUNK_GAP_MS),
			adoptsCustomers: true,
			answersFromPassages: true,
			...(EMBEDDER === undefined ? {} : { embed: (texts) => embedBy(EMBEDDER, texts) }),
		});
		return socketAnswer(request, standIns.conversations) ?? standIns.fetch(request);
	},
};

async function embedBy(embedder: Fetcher, texts: string[]): Promise<number[][]> {
	const response = await embedder.fetch("http://embedder/", { method: "POST", body: JSON.stringify(texts) });
	if (!response.ok) throw new Error(`The embedding model answered ${response.status}: ${await response.text()}`);
	return response.json<number[][]>();
}
