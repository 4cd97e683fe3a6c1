import { socketAnswer } from "./elevenlabs/talk/socket.ts";
import { createStandIns } from "./index.ts";
import type { OwnStandIns } from "./index.ts";
import type { PageSettings } from "./stripe/pages/pages.ts";

interface StandInEnv {
	/** Wait between the chunks of streamed answers, ms. */
	CHUNK_GAP_MS?: string;
	/** Gives the vectors for a POST of a JSON list of texts: a model that runs where workerd was started. */
	EMBEDDER?: Fetcher;
	/** Where people reach the pages of Stripe's stand-in, such as http://localhost:8787; with the two below, or not at all. */
	STRIPE_PAGES?: string;
	/** Where Stripe's events go, and the secret that they are signed with. */
	STRIPE_WEBHOOK_URL?: string;
	STRIPE_WEBHOOK_SECRET?: string;
}

let standIns: OwnStandIns | undefined;

/**
 * The stand-ins as a worker of their own; `CHUNK_GAP_MS` paces streamed answers for a human's eyes. On workerd's own
 * socket a reset comes as 500, a cut as a clean end, and a caller who leaves goes unnoticed: for those faults serve them
 * through outbound.ts.
 */
export default {
	async fetch(request: Request, env: StandInEnv): Promise<Response> {
		const { CHUNK_GAP_MS = "0", EMBEDDER } = env;
		standIns ??= createStandIns({
			chunkGapMs: Number(CHUNK_GAP_MS),
			adoptsCustomers: true,
			answersFromPassages: true,
			...stripePages(env),
			...(EMBEDDER === undefined ? {} : { embed: (texts) => embedBy(EMBEDDER, texts) }),
		});
		return socketAnswer(request, standIns.conversations) ?? standIns.fetch(request);
	},
};

function stripePages(env: StandInEnv): { stripePages?: PageSettings } {
	const { STRIPE_PAGES: origin, STRIPE_WEBHOOK_URL: url, STRIPE_WEBHOOK_SECRET: secret } = env;
	return origin === undefined || url === undefined || secret === undefined
		? {}
		: { stripePages: { origin, webhook: { url, secret } } };
}

async function embedBy(embedder: Fetcher, texts: string[]): Promise<number[][]> {
	const response = await embedder.fetch("http://embedder/", { method: "POST", body: JSON.stringify(texts) });
	if (!response.ok) throw new Error(`The embedding model answered ${response.status}: ${await response.text()}`);
	return response.json<number[][]>();
}
