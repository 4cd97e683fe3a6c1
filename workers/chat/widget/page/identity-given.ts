// Fetched once a page says who its visitor is. Nothing is imported: a file that is loaded on use shares no code with the panel.

interface Identity {
	visitorId: string;
	/** "" = not given, as the next */
	name: string;
	email: string;
}

/** The server's limits. An id travels in a header, which takes no other signs. */
const VISITOR_ID = /^[!-~]{1,128}$/;
const NAME_MAX_CHARS = 200;
const EMAIL_MAX_CHARS = 254;

/** What a page has given; null = it is not as it has to be, which the console says. */
export function identityOf(given: unknown): Identity | null {
	const fields: Record<string, unknown> = Object(given);
	const textOf = (name: string): string => {
		const value = fields[name];
		return typeof value === "string" ? value : "";
	};
	const [visitorId, name, email] = [textOf("visitor_id"), textOf("name"), textOf("email")];
	const faults = [
		VISITOR_ID.test(visitorId) ? "" : "visitor_id must be 1 to 128 letters, digits and signs of ASCII without blanks",
		[...name].length <= NAME_MAX_CHARS ? "" : `name must be at most ${NAME_MAX_CHARS} characters`,
		[...email].length <= EMAIL_MAX_CHARS ? "" : `email must be at most ${EMAIL_MAX_CHARS} characters`,
	].filter((fault) => fault !== "");
	if (faults.length === 0) return { visitorId, name, email };
	console.error(`[koby] identify: ${faults.join("; ")}.`);
	return null;
}
