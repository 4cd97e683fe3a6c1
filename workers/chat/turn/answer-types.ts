import type { Finish } from "../gemini/reply.ts";
import type { ModelUsage } from "../gemini/models.ts";

/** What an answer rests on, as the visitor is shown it. */
export interface Source {
	title: string;
	url: string | null;
}

/** An answer that is known without asking the model: given before (`cached`), or the owner's own words (`curated`). */
export interface ReadyAnswer {
	text: string;
	finish: "cached" | "curated";
}

/** An answer, whoever gave it. */
export interface Answer extends ModelUsage {
	/** "" when blocked. */
	text: string;
	finish: Finish | ReadyAnswer["finish"];
	/** null when no model was asked. */
	model: string | null;
	/** The model found nothing to answer the question with, and said so. */
	isUnanswered: boolean;
}

/** A ready answer in the form in which the model gives one: its pieces, then the whole. It costs nothing. */
export async function* given({ text, finish }: ReadyAnswer): AsyncGenerator<string, Answer> {
	yield text;
	return {
		text,
		finish,
		model: null,
		isUnanswered: false,
		inputTokens: 0,
		cachedTokens: 0,
		outputTokens: 0,
		costUsdMicros: 0,
	};
}
