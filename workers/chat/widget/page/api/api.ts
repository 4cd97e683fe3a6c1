import { Fault, faultOf } from "./fault.ts";
import { fieldsOf, textOf } from "./read.ts";
import { request, requestConfig } from "./request.ts";
import { answerOf, configOf, messagesOf } from "./shapes.ts";
import type { Answer, Config, Rating, StoredMessage } from "./shapes.ts";
import { streamEvents } from "./sse.ts";

/** The server sends something every ten seconds; a silence three times as long is a dead line. */
const SILENCE_MS = 30_000;
/** How long the conversation of the page before is waited for. */
const RESTORE_MS = 10_000;
/** The reason of an abort that a silence made. */
const STALLED = "stalled";

/** What an answer brings while it is given. */
type Piece = { sessionId: string; messageId: string } | { text: string } | { answer: Answer };

export interface LeadFields {
	email: string;
	name: string;
	message: string;
}

/** The chat worker, as the widget calls it. What goes wrong is a `Fault`, or what aborted the request. */
export interface Api {
	/** As it is now, whatever the browser holds of it. */
	config(): Promise<Config>;
	ask(message: string, sessionId: string, abort: AbortController): AsyncGenerator<Piece>;
	messages(sessionId: string): Promise<StoredMessage[]>;
	end(sessionId: string): Promise<void>;
	rate(sessionId: string, messageId: string, rating: Rating): Promise<void>;
	/** @param sessionId "" = the visitor has begun none */
	lead(sessionId: string, lead: LeadFields): Promise<void>;
}

/**
 * @param base the folder the script came from; all routes lie in it
 * @param visitorId asked at each request: another tab may have named the visitor first
 * @param consent what the visitor has agreed to, or ""; asked at each request that leaves words
 * @param language of the widget's own words, one that the chat speaks
 */
export function connect(
	base: string,
	siteKey: string,
	visitorId: () => string,
	consent: () => string,
	language: () => string,
): Api {
	const agreed = (): Record<string, string> => (consent() === "" ? {} : { "X-Consent": consent() });
	const keyed = () => ({ "X-Site-Key": siteKey, "X-Visitor-Id": visitorId() });
	const post = (path: string, body: unknown, more = {}): RequestInit & { path: string } => ({
		path,
		method: "POST",
		headers: { ...keyed(), ...more, "Content-Type": "application/json" },
		body: JSON.stringify(body),
	});
	const call = ({ path, ...init }: RequestInit & { path: string }): Promise<Response> => request(base, path, init);
	return {
		config: async () => configOf(await requestConfig(base, siteKey, language(), true)),
		ask: (message, sessionId, abort) => {
			const body = {
				message,
				language: language(),
				visitor_id: visitorId(),
				session_id: sessionId || undefined,
			};
			return ask(
				call,
				{
					...post("", body),
					headers: {
						"X-Site-Key": siteKey,
						...agreed(),
						"Content-Type": "application/json",
						Accept: "text/event-stream",
					},
				},
				abort,
			);
		},
		messages: async (sessionId) =>
			messagesOf(
				await (
					await call({ path: `sessions/${sessionId}`, headers: keyed(), signal: AbortSignal.timeout(RESTORE_MS) })
				).json(),
			),
		// The page may be left right after.
		end: async (sessionId) =>
			void (await call({ path: `sessions/${sessionId}`, method: "DELETE", headers: keyed(), keepalive: true })),
		rate: async (sessionId, messageId, rating) =>
			void (await call(post("feedback", { session_id: sessionId, message_id: messageId, rating }))),
		lead: async (sessionId, { email, name, message }) =>
			void (await call(
				post(
					"leads",
					{
						session_id: sessionId || undefined,
						email,
						name: name || undefined,
						message: message || undefined,
					},
					agreed(),
				),
			)),
	};
}

async function* ask(
	call: (init: RequestInit & { path: string }) => Promise<Response>,
	init: RequestInit & { path: string },
	abort: AbortController,
): AsyncGenerator<Piece> {
	let timer = 0;
	const alive = (): void => {
		clearTimeout(timer);
		timer = window.setTimeout(() => abort.abort(STALLED), SILENCE_MS);
	};
	alive();
	try {
		const response = await call({ ...init, signal: abort.signal });
		const isStream = response.headers.get("Content-Type")?.startsWith("text/event-stream") === true;
		if (!isStream || response.body === null) yield { answer: answerOf(await response.json()) };
		else yield* pieces(response.body, alive);
	} catch (thrown) {
		// An abort of the page's own is no fault; anything but a fault that breaks off an answer is one.
		if ((abort.signal.aborted && abort.signal.reason !== STALLED) || thrown instanceof Fault) throw thrown;
		throw new Fault("broken");
	} finally {
		clearTimeout(timer);
	}
}

async function* pieces(body: ReadableStream<Uint8Array>, alive: () => void): AsyncGenerator<Piece> {
	for await (const { name, data } of streamEvents(body, alive)) {
		const event: unknown = JSON.parse(data);
		const fields = fieldsOf(event);
		if (name === "session") yield { sessionId: textOf(fields, "session_id"), messageId: textOf(fields, "message_id") };
		else if (name === "delta") yield { text: textOf(fields, "text") };
		else if (name === "error") throw faultOf(event);
		else if (name === "done") return yield { answer: answerOf(event) };
	}
	throw new Fault("broken");
}
