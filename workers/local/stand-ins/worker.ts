import { createStandIns } from "./index.ts";
import type { StandIns } from "./index.ts";

let standIns: StandIns | undefined;

/**
 * The stand-ins as a worker of their own; `CHUNK_GAP_MS` paces streamed answers for a human's eyes. On workerd's own
 * socket a reset comes as 500, a cut as a clean end, and a caller who leaves goes unnoticed: for those faults serve them
 * through outbound.ts.
 */
export default {
	fetch(request: Request, env: { CHUNK_GAP_MS?: string }): Promise<Response> {
		standIns ??= createStandIns({ chunkGapMs: Number(env.CHUNK_GAP_MS ?? 0), adoptsCustomers: true });
		return standIns.fetch(request);
	},
};
