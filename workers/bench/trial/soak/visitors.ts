import { isObject } from "../../../lib/http/json.ts";
import { ask } from "./client.ts";
import type { Seen } from "./client.ts";
import type { OpenSession, Org, World } from "./world.ts";

const STREAMED = { Accept: "text/event-stream" };
const POOL = 400;
const WORDS = ["appointment", "questionnaire", "password", "insurance", "opening", "child", "form", "result"] as const;

/** A question that is asked once, and can be found by its number. */
function newQuestion(world: World, org: Org): { number: number; message: string } {
	const { dice } = world;
	const number = world.count();
	const words = Array.from({ length: 3 + dice.below(8) }, () => dice.pick(WORDS)).join(" ");
	return { number, message: `Question q${number} to ${org.marker} about ${words}?` };
}

interface Talk {
	org: Org;
	session?: OpenSession | undefined;
	/** Instead of a new question. */
	message?: string;
	isStreamed: boolean;
	leavesAfterMs?: number;
}

/** Says something and notes what is known of it afterwards. */
async function talk(world: World, action: string, { org, session, message, isStreamed, leavesAfterMs }: Talk) {
	const asked = message === undefined ? newQuestion(world, org) : { number: undefined, message };
	const visitor = session?.visitor ?? `visitor-${world.dice.below(5) === 0 ? world.dice.below(50) : world.count()}`;
	const seen = await ask(world, {
		action,
		worker: "chat",
		path: "/",
		org,
		headers: { "X-Site-Key": org.chatKey, ...(isStreamed ? STREAMED : {}) },
		body: {
			message: asked.message,
			visitor_id: visitor,
			...(session === undefined ? {} : { session_id: session.id }),
		},
		...(leavesAfterMs === undefined ? {} : { leavesAfterMs }),
	});
	note(world, org, asked.number, visitor, seen);
}

function note(world: World, org: Org, number: number | undefined, visitor: string, seen: Seen): void {
	const { ledger } = world;
	const done = seen.events.find(({ event }) => event === "done")?.data;
	const answer = isObject(done) ? done : seen.body;
	const begun = seen.events.length > 0 || seen.status === 200 || errorCode(seen) === "model_unavailable";
	if (number !== undefined && begun) ledger.questions.set(number, org.id);
	const { message_id: messageId, session_id: sessionId, response } = answer;
	if (typeof messageId !== "string" || typeof sessionId !== "string") return;
	ledger.answers.set(messageId, { orgId: org.id, text: String(response), at: Date.now() });
	world.sessions.push({ org, id: sessionId, visitor, messageId });
	if (world.sessions.length > POOL) world.sessions.shift();
}

function errorCode({ body }: Seen): unknown {
	return isObject(body.error) ? body.error.code : undefined;
}

/** Something that visitors of a site do, apart from speech. */
type Deed = (world: World) => Promise<unknown>;

function withSession(deed: (world: World, session: OpenSession) => Promise<unknown>): Deed {
	return async (world) => {
		const [first, ...rest] = world.sessions;
		if (first !== undefined) await deed(world, world.dice.pick([first, ...rest]));
	};
}

function sessionHeaders({ org, visitor }: OpenSession): Record<string, string> {
	return { "X-Site-Key": org.chatKey, "X-Visitor-Id": visitor };
}

export const askWhole: Deed = (world) => talk(world, "chat", { org: world.dice.pick(world.orgs), isStreamed: false });
export const askStreamed: Deed = (world) =>
	talk(world, "chat streamed", { org: world.dice.pick(world.orgs), isStreamed: true });

export const askAndLeave: Deed = (world) => {
	const leavesAfterMs = world.dice.below(60);
	return talk(world, "chat streamed", { org: world.dice.pick(world.orgs), isStreamed: true, leavesAfterMs });
};

export const followUp: Deed = withSession((world, session) =>
	talk(world, "chat follow-up", { org: session.org, session, isStreamed: world.dice.happens(0.5) }),
);

/** What many ask comes from the cache, and what the owner has answered from there. */
export const askCommon: Deed = (world) => {
	const org = world.dice.pick(world.orgs);
	const message = world.dice.pick(["When do you open", "Do you take walk-ins", "How do I reset it"]);
	return talk(world, "chat common", {
		org,
		message: `${message}, ${org.marker}?`,
		isStreamed: world.dice.happens(0.5),
	});
};

export const askLegacy: Deed = async (world) => {
	const isStreamed = world.dice.happens(0.5);
	const body = { message: `Question q${world.count()} without a key` };
	const headers = isStreamed ? STREAMED : {};
	const seen = await ask(world, { action: "chat legacy", worker: "chat", path: "/", org: null, headers, body });
	if (seen.status === 200 && seen.events.at(-1)?.event !== "error") world.ledger.legacy.chat += 1;
};

export const readSession: Deed = withSession((world, session) =>
	ask(world, {
		action: "session",
		worker: "chat",
		path: `/sessions/${session.id}`,
		org: session.org,
		headers: sessionHeaders(session),
	}),
);

export const endSession: Deed = withSession((world, session) =>
	ask(world, {
		action: "session end",
		worker: "chat",
		method: "DELETE",
		path: `/sessions/${session.id}`,
		org: session.org,
		headers: sessionHeaders(session),
	}),
);

export const rate: Deed = withSession((world, session) =>
	ask(world, {
		action: "feedback",
		worker: "chat",
		path: "/feedback",
		org: session.org,
		headers: sessionHeaders(session),
		body: {
			session_id: session.id,
			message_id: session.messageId,
			rating: world.dice.pick(["up", "down", null]),
			comment: `Said of ${session.org.marker}`,
		},
	}),
);

export const leaveAddress: Deed = withSession((world, session) =>
	ask(world, {
		action: "lead",
		worker: "chat",
		path: "/leads",
		org: session.org,
		headers: sessionHeaders(session),
		body: {
			session_id: session.id,
			email: `visitor${world.count()}.${session.org.marker}@mail.example`,
			name: `Name ${session.org.marker}`,
		},
	}),
);

export const openPage: Deed = async (world) => {
	const org = world.dice.pick(world.orgs);
	await ask(world, { action: "widget config", worker: "chat", path: `/config?site_key=${org.chatKey}`, org });
	await ask(world, { action: "widget", worker: "chat", path: "/widget.js", org: null });
};
