import type { Store } from "./store.ts";
import type { Lead } from "./lead/form.ts";

/** Who the page says that its visitor is. */
export interface Named {
	/** As `Panel.identify`. */
	identify(given: unknown): void;
	/** Whoever comes next is somebody else. */
	forget(): void;
}

/** @param signal aborted when the chat is taken off the page for good @param onOther the conversation was that of another visitor */
export function createNamed(store: Store, lead: Lead, signal: AbortSignal, onOther: () => void): Named {
	/** How often the visitor was forgotten: whoever was named before that is not meant any more. */
	let forgotten = 0;
	return {
		async identify(given) {
			const before = forgotten;
			const { identityOf } = await import("./identity-given.ts");
			const identity = identityOf(given);
			if (identity === null || before !== forgotten || signal.aborted) return;
			if (store.identify(identity.visitorId)) onOther();
			lead.prefill(identity.name, identity.email);
		},
		forget() {
			forgotten++;
			store.identify("");
			lead.prefill("", "");
		},
	};
}
