import type { emit } from "../events.ts";
import type { el, focusField } from "../view/dom.ts";
import type { Words } from "../words.ts";

/** What the panel hands to what is fetched beside it. */
export interface Kit {
	/** Where the chat stands. */
	shadow: ShadowRoot;
	el: typeof el;
	focusField: typeof focusField;
	emit: typeof emit;
	/** Of the words. */
	lang: string;
	words: Words;
}
