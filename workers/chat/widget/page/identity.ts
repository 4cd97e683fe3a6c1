import { fieldsOf, textOf } from "./api/read.ts";

/** Who the page says that its visitor is. */
export interface Identity {
	visitorId: string;
	/** "" = not given, as the next */
	name: string;
	email: string;
}

/** The server's limits. An id travels in a header, which takes no other signs. */
const VISITOR_ID = /^[!-~]{1,128}$/;
const NAME_MAX_CHARS = 200;
const EMAIL_MAX_CHARS = 254;

/** Reads what a page has given to `identify`; null = it is not as it has to be, which the console says. */
export function identityOf(given: unknown): Identity | null {
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
