import { fieldsOf, textOf } from "./api/read.ts";
import type { Store } from "./store.ts";
import type { Lead } from "./view/lead.ts";

interface Identity {
	visitorId: string;
	/** "" = not given, as the next */
	name: string;
	email: string;
}

/** Who the page says that its visitor is. */
export interface Named {
	/** As `Panel.identify`. */
	identify(given: unknown): void;
	/** Whoever comes next is somebody else. */
	forget(): void;
}

/** @param onOther the conversation was that of another visitor */
export function createNamed(store: Store, lead: Lead, onOther: () => void): Named {
	return {
		identify(given) {
			const identity = identityOf(given);
			if (identity === null) return;
			if (store.identify(identity.visitorId)) onOther();
			lead.prefill(identity.name, identity.email);
		},
		forget() {
			store.identify("");
			lead.prefill("", "");
		},
	};
}

/** The server's limits. An id travels in a header, which takes no other signs. */
const VISITOR_ID = /^[!-~]{1,128}$/;
const NAME_MAX_CHARS = 200;
const EMAIL_MAX_CHARS = 254;

/** What a page has given; null = it is not as it has to be, which the console says. */
function identityOf(given: unknown): Identity | null {
	const fields = fieldsOf(given);
	const [visitorId, name, email] = [textOf(fields, "visitor_id"), textOf(fields, "name"), textOf(fields, "email")];
	const faults = [
		VISITOR_ID.test(visitorId) ? "" : "visitor_id must be 1 to 128 letters, digits and signs of ASCII without blanks",
		[...name].length <= NAME_MAX_CHARS ? "" : `name must be at most ${NAME_MAX_CHARS} characters`,
		[...email].length <= EMAIL_MAX_CHARS ? "" : `email must be at most ${EMAIL_MAX_CHARS} characters`,
	].filter((fault) => fault !== "");
	if (faults.length === 0) return { visitorId, name, email };
	console.error(`[koby] identify: ${faults.join("; ")}.`);
	return null;
}
