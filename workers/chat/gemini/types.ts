/** One message as the model sees it. */
export interface PromptMessage {
	role: "user" | "assistant";
	text: string;
}

/** What the model is asked. A visitor's words stand only in `messages`, never in `instructions`. */
export interface Prompt {
	instructions: string;
	/** Oldest first; the last is the visitor's new message. */
	messages: PromptMessage[];
}

/** Whether the answer comes as one text when it is complete, or piece by piece. */
export type Delivery = "whole" | "streamed";

/** stop: complete; length: cut; blocked: nothing that may be shown. */
export type Finish = "stop" | "length" | "blocked";

/** Tokens of a call or of all calls of a turn, and what they cost. */
export interface ModelUsage {
	/** Cached ones included. */
	inputTokens: number;
	cachedTokens: number;
	/** Thoughts included. */
	outputTokens: number;
	/** As it stands in the metrics: 0 where the vendor told nothing that can be believed. */
	costUsdMicros: number;
	/** As it counts in the brakes: what it may have cost where the vendor told nothing. */
	brakedUsdMicros: number;
}

/** A model's answer, with the tokens and cost of all tries. */
export interface ModelAnswer extends ModelUsage {
	/** Well-formed, without controls; "" when blocked. */
	text: string;
	finish: Finish;
	/** The model that answered. */
	model: string;
}
