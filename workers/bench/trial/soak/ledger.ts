/** What the soak's clients saw, to be held against what the database holds in the end. */
export interface Ledger {
	/** Responses by what was done and how it ended, such as `chat 200`. */
	outcomes: Map<string, number>;
	/** Answers that the description of the worker does not know, and streams that ended without a word. */
	undocumented: string[];
	/** Answers that held their own org's marker: so many could have held another's. */
	own: number;
	/** Answers that held another org's marker. */
	foreign: string[];
	/** Whole answers of keyed chats, by message id. */
	answers: Map<string, { orgId: string; text: string; at: number }>;
	/** Numbers of questions that were admitted: they were answered, or failed after their turn had begun. */
	questions: Map<number, string>;
	/** Clips on a site's account, by request id. */
	clips: Map<string, { orgId: string; characters: number; isHit: boolean; at: number }>;
	/** Stripe's events, by id: how often they were answered 200. */
	events: Map<string, number>;
	/** Exports that broke off before the eyes of their client. */
	brokenExports: number;
	/** Requests without a key that were answered, by worker. */
	legacy: Record<"chat" | "voice", number>;
}

export function createLedger(): Ledger {
	return {
		outcomes: new Map(),
		undocumented: [],
		own: 0,
		foreign: [],
		answers: new Map(),
		questions: new Map(),
		clips: new Map(),
		events: new Map(),
		brokenExports: 0,
		legacy: { chat: 0, voice: 0 },
	};
}

export function countOutcome({ outcomes }: Ledger, name: string): void {
	outcomes.set(name, (outcomes.get(name) ?? 0) + 1);
}
