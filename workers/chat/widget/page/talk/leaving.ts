import { isShared } from "../store.ts";
import type { Store } from "../store.ts";
import type { View } from "../view/view.ts";

/** What is done when the page is left, or the chat taken off it. */
interface Leaving {
	/** What was begun anew stays so. */
	settle(): void;
	/** Where the device is shared, a page that is left may be come back to as it stood, by somebody else. */
	leave(): void;
	/** Where not even the tab remembers. */
	end(): void;
	/** Gives up what is being answered. */
	drop(): void;
}

export function followLeaving(
	{ frame, composer, lead }: View,
	store: Store,
	memory: string,
	{ settle, leave, end, drop }: Leaving,
): void {
	const { signal } = frame;
	const onLeave = (): void => {
		store.keepOpen(frame.isOpen());
		settle();
		if (!isShared(memory)) return;
		frame.close();
		composer.element.reset();
		lead.prefill("", "");
		leave();
		if (memory === "none") end();
	};
	addEventListener("pagehide", onLeave, { signal });
	signal.addEventListener("abort", () => {
		settle();
		drop();
	});
}
