import type { Api } from "../api/api.ts";
import type { Answer } from "../api/shapes.ts";
import type { Store } from "../store.ts";
import type { View } from "../view/view.ts";

/** A question that is being answered, or was not. */
export interface Question {
	text: string;
	abort: AbortController;
	/** As the server names it once it is admitted; "" = not known. */
	answerId: string;
	/** Of the last answer before it. */
	lastId: string;
	/** As it stands in the log. */
	message: HTMLElement;
	/** What was read of its answer, in the log. */
	stump: HTMLElement | null;
}

/** Where answers come from and what of them is shown. */
export interface Line {
	api: Api;
	store: Store;
	view: View;
	/** Somebody still waits for the answer. */
	isWanted(question: Question): boolean;
	/** As talk/fetched.ts. */
	fetchAnswer(question: Question): Promise<Answer | null>;
}

export function questionOf({ log }: View, text: string, message: HTMLElement, answerId = ""): Question {
	return { text, abort: new AbortController(), answerId, lastId: log.lastId, message, stump: null };
}
