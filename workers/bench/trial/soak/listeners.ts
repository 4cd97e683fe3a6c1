import { ask } from "./client.ts";
import type { Asked } from "./client.ts";
import type { Org, World } from "./world.ts";

const POOL = 200;
/** Addresses from which conversations come: each may have two. */
const CALLERS = 200;

/** What listeners and people who talk do. */
type Deed = (world: World) => Promise<unknown>;

async function speak(world: World, action: string, org: Org, text: string, leavesAfterMs?: number): Promise<void> {
	const asked: Asked = {
		action,
		worker: "voice",
		path: "/",
		org,
		headers: { "X-Site-Key": org.voiceKey },
		body: { text },
	};
	const seen = await ask(world, leavesAfterMs === undefined ? asked : { ...asked, leavesAfterMs });
	if (seen.status !== 200) return;
	world.ledger.clips.set(seen.headers.get("X-Request-Id") ?? "", {
		orgId: org.id,
		characters: Number(seen.headers.get("X-Characters")),
		isHit: seen.headers.get("X-Cache") === "HIT",
		at: Date.now(),
	});
	world.spoken.push({ org, text });
	if (world.spoken.length > POOL) world.spoken.shift();
}

function newText(world: World, org: Org): string {
	return `Sentence ${world.count()} for ${org.marker}. ${"Thank you for calling. ".repeat(1 + world.dice.below(12))}`.trim();
}

export const hear: Deed = (world) => {
	const org = world.dice.pick(world.orgs);
	return speak(world, "voice", org, newText(world, org));
};

export const hearAndLeave: Deed = (world) => {
	const org = world.dice.pick(world.orgs);
	return speak(world, "voice", org, newText(world, org), world.dice.below(30));
};

export const hearAgain: Deed = async (world) => {
	const [first, ...rest] = world.spoken;
	if (first === undefined) return;
	const { org, text } = world.dice.pick([first, ...rest]);
	await speak(world, "voice again", org, text);
};

export const hearLegacy: Deed = async (world) => {
	const body = { text: `Sentence ${world.count()} without a key.` };
	const seen = await ask(world, { action: "voice legacy", worker: "voice", path: "/", org: null, body });
	if (seen.status === 200 && seen.headers.get("X-Cache") === "MISS") world.ledger.legacy.voice += 1;
};

/** Opens a conversation; most are then held, of which the vendor tells later. */
export const call: Deed = async (world) => {
	const { dice, host } = world;
	const org = dice.pick(world.orgs);
	const caller = dice.below(CALLERS);
	const seen = await ask(world, {
		action: "conversation",
		worker: "conversation",
		method: "POST",
		path: "/session",
		org,
		ip: `172.16.0.${caller}`,
		headers: { "X-Site-Key": org.voiceKey },
		body: {},
	});
	const { session_id: id, conversation_id: conversationId } = seen.body;
	if (typeof id !== "string" || typeof conversationId !== "string") return;
	world.conversations.push({ org, id, conversationId });
	if (dice.happens(0.2)) return;
	const metadata = { call_duration_secs: 5 + dice.below(300), cost_fiat: dice.below(100) / 1000 };
	await host.standIns("/elevenlabs/conversations", { id: conversationId, metadata });
};

export const hangUp: Deed = async (world) => {
	const ended = world.conversations.shift();
	if (ended === undefined) return;
	const { org, id } = ended;
	const headers = { "X-Site-Key": org.voiceKey };
	const path = `/session/${id}/end`;
	await ask(world, { action: "conversation end", worker: "conversation", method: "POST", path, org, headers });
};
