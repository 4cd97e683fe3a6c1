import { ask } from "./client.ts";
import type { Asked } from "./client.ts";
import type { Org, World } from "./world.ts";

/** Bytes; the chat takes 32 KiB. */
const CHAT_TOO_LARGE = 40_000;
/** Characters; a clip may have 1,000. */
const SPEECH_TOO_LONG = 1500;

/** Requests that must be refused, and shown nothing of any org. */
function badRequests(world: World): [Asked, ...Asked[]] {
	const org = world.dice.pick(world.orgs);
	return [...toChat(org), ...toPortal(world, org), ...toVoice(org), ...foreignSessions(world, org)];
}

function toChat({ chatKey }: Org): [Asked, ...Asked[]] {
	const keyed = { "X-Site-Key": chatKey };
	const chat = (asked: Partial<Asked>): Asked => {
		return { action: "bad", worker: "chat", path: "/", org: null, headers: keyed, ...asked };
	};
	const body = { message: "Hello" };
	return [
		chat({ body: "{" }),
		chat({ body: [] }),
		chat({ body: { message: "" } }),
		chat({ body: { message: "a\u0000b" } }),
		chat({ body: { message: "x".repeat(CHAT_TOO_LARGE) } }),
		chat({ body, headers: { "X-Site-Key": "sk_nobody_live_nothing1" } }),
		chat({ body, headers: { "X-Site-Key": "nonsense" } }),
		chat({ body, headers: { ...keyed, "Content-Type": "text/plain" } }),
		chat({ body, headers: { ...keyed, Origin: "http://evil.example" } }),
		chat({ method: "PUT", body }),
		chat({ path: "/nothing-here" }),
		chat({ path: "/config" }),
		chat({ method: "OPTIONS", headers: { Origin: "https://www.example.com" } }),
	];
}

function toPortal({ dice, orgs, staff }: World, org: Org): Asked[] {
	const other = dice.pick(orgs);
	const portal = (path: string, authorization: string | undefined, asked: Partial<Asked> = {}): Asked => {
		const headers: Record<string, string> = authorization === undefined ? {} : { Authorization: authorization };
		return { action: "bad", worker: "portal", path: `/portal/${path}`, org, headers, ...asked };
	};
	const [admin, member] = [dice.pick(org.admins), dice.pick(org.members)];
	return [
		portal("overview", undefined),
		portal("overview", "Bearer eyJhbGciOiJub25lIn0.e30."),
		portal("overview?nonsense=1", member),
		portal("leads", member),
		portal("config", member, { method: "PATCH", body: {} }),
		portal(`overview?orgId=${other.id}`, admin),
		portal(`knowledge/${other.entries[0] ?? "none"}`, admin),
		portal("config", admin, { method: "PATCH", body: { greeting: 7 } }),
		portal("knowledge", admin, { method: "POST", body: "[" }),
		portal("overview?orgId=org_nobody", staff),
		portal("overview", staff),
	];
}

function toVoice({ voiceKey }: Org): Asked[] {
	const common = { action: "bad", org: null, method: "POST", headers: { "X-Site-Key": voiceKey } };
	const path = `/session/${crypto.randomUUID()}/end`;
	return [
		{ ...common, worker: "voice", path: "/", body: { text: "x".repeat(SPEECH_TOO_LONG) } },
		{ ...common, worker: "voice", path: "/", body: { text: "Hi", voice_id: "nobody" } },
		{ ...common, worker: "voice", path: "/session", body: {} },
		{ ...common, worker: "conversation", path },
	];
}

/** Another org's conversation, asked for with one's own key: to read, to rate, to leave an address in. */
function foreignSessions({ sessions, dice }: World, org: Org): Asked[] {
	const foreign = sessions.filter((session) => session.org !== org);
	const [first, ...rest] = foreign;
	if (first === undefined) return [];
	const { id, visitor, messageId } = dice.pick([first, ...rest]);
	const asked: Omit<Asked, "path"> = {
		action: "bad",
		worker: "chat",
		org,
		headers: { "X-Site-Key": org.chatKey, "X-Visitor-Id": visitor },
	};
	return [
		{ ...asked, path: `/sessions/${id}` },
		{ ...asked, path: "/feedback", body: { session_id: id, message_id: messageId, rating: "up" } },
		{ ...asked, path: "/leads", body: { session_id: id, email: "nobody@mail.example" } },
	];
}

export function sendBad(world: World): Promise<unknown> {
	return ask(world, world.dice.pick(badRequests(world)));
}

/** What monitors ask for. */
export async function monitor(world: World): Promise<void> {
	for (const worker of ["portal", "chat", "voice", "conversation"] as const)
		await ask(world, { action: "health", worker, path: "/health", org: null });
}
