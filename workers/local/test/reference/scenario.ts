import { isObject } from "../../../lib/http/json.ts";
import type { Client } from "../local-client.ts";
import { createPlayer } from "./play.ts";
import type { Played, Player } from "./play.ts";
import { playPortal } from "./portal-scenario.ts";
import { playChat, playVoice } from "./visitor-scenario.ts";

/** Whom nobody knows. */
const UNKNOWN_SITE = { "X-Site-Key": "sk_nobody_live_abc123" };
/** What asks nobody who calls, and takes no body. */
const NEVER_REFUSED =
	/^(?:portal|chat|voice|conversation) get(?:Health|Openapi|SecurityTxt|Widget\w*)$|^chat getConfig$/;

/** Every operation of every deployment against a run, well and refused. It ends a customer, so the run is of no use afterwards. */
export async function playAll(client: Client): Promise<Played[]> {
	const player = createPlayer(client);
	const left = await playChat(player);
	await playVoice(player);
	await playPortal(player, left);
	await playRefusals(player);
	return player.played;
}

/** The same requests from somebody who may not, and with a body that is not as described. */
async function playRefusals(player: Player): Promise<void> {
	const seen = new Set<string>();
	for (const { worker, operationId, method, path, request } of [...player.played]) {
		const name = `${worker} ${operationId}`;
		if (seen.has(name) || NEVER_REFUSED.test(name) || operationId === "receiveStripeEvent") continue;
		seen.add(name);
		const headers = worker === "portal" ? {} : UNKNOWN_SITE;
		await player.call(worker, operationId, path, {
			method,
			headers,
			...(request === undefined ? {} : { body: isObject(request) ? request : {} }),
		});
	}
}
