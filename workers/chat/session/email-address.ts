const LOCAL_PART = /^[^\s@"(),:;<>[\]\\\p{C}]{1,64}$/u;
const LABEL = /^[\p{L}\p{M}\p{N}-]{1,63}$/u;

/**
 * Whether a text has the form of an address that a visitor would have: `local@host.tld`, letters of any script, no quotes and
 * no comments. That somebody reads it only a letter shows. Each part is matched once, so the time is linear in the length.
 */
export function isEmailAddress(text: string): boolean {
	const at = text.lastIndexOf("@");
	const local = text.slice(0, at);
	const labels = text.slice(at + 1).split(".");
	if (at < 1 || labels.length < 2) return false;
	return (
		LOCAL_PART.test(local) && !/^\.|\.\.|\.$/.test(local) && labels.every(isLabel) && !/^\d+$/.test(labels.at(-1) ?? "")
	);
}

function isLabel(label: string): boolean {
	return LABEL.test(label) && !label.startsWith("-") && !label.endsWith("-");
}
