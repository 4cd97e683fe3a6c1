import { createStandIns } from "./index.ts";
import type { StandIns } from "./index.ts";

let standIns: StandIns | undefined;

/** The stand-ins as a worker of their own. `CHUNK_GAP_MS` paces streamed answers for a human's eyes. */
export default {
	fetch(request: Request, env: { CHUNK_GAP_MS?: string }): Promise<Response> {
		standIns ??= createStandIns({ chunkGapMs: Number(env.CHUNK_GAP_MS ?? 0) });
		return standIns.fetch(request);
	},
};
