import type { Kit } from "../later/kit.ts";
import type { Store } from "../store.ts";
import type { View } from "../view/view.ts";

/** How long a new conversation can be taken back, ms. */
const UNDO_MS = 5000;

/** A conversation that is begun anew, which a visitor may have hit by mistake. */
export interface Anew {
	/** @param clear takes it from the page */
	begin(clear: () => void): void;
	/** It is not to be taken back any more: the old one ends. */
	settle(): void;
	/** Takes it back, where it still can be: another tab has gone on with the old one. */
	undo(): void;
}

/** @param end ends what is kept of the old one, which it is until then */
export function createAnew({ words }: Kit, store: Store, view: View, end: () => void): Anew {
	let timer = 0;
	/** The old one. */
	let sessionId = "";
	let restore = (): void => undefined;
	const settle = (): void => {
		if (timer === 0) return;
		forget();
		// Another tab may have begun the next one meanwhile.
		if (store.sessionId() === sessionId) end();
	};
	const forget = (): void => {
		clearTimeout(timer);
		timer = 0;
		view.notice.clear();
	};
	return {
		begin(clear) {
			settle();
			const said = [...view.log.element.childNodes];
			const hasBegun = view.log.element.querySelector(".visitor") !== null;
			clear();
			if (!hasBegun) return end();
			sessionId = store.sessionId();
			timer = window.setTimeout(settle, UNDO_MS);
			restore = () => {
				forget();
				view.log.quietly(() => view.log.element.replaceChildren(...said));
				view.suggest(false);
				view.banner.show(store.help());
				view.panel.follow(null, true);
			};
			view.notice.say(words.newConversation, () => {
				restore();
				view.focus();
			});
		},
		settle,
		undo() {
			if (timer !== 0) restore();
		},
	};
}
