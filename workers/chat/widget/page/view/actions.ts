import type { LeadFields } from "../api/api.ts";

/** What a visitor can bring about. */
export interface Actions {
	send(text: string): void;
	/** Gives up what is being answered; what was read of it stays. */
	stop(): void;
	/** One of the questions to begin with; while another one is being answered, too. */
	choose(question: string): void;
	saveLead(fields: LeadFields): Promise<void>;
	reset(): void;
	agree(): void;
	opened(): void;
}
