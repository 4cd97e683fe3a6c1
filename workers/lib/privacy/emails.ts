import type { Rule } from "./rule.ts";

const LOCAL = "[\\p{L}\\p{N}._%+'-]{1,64}";
const LABEL = "[\\p{L}\\p{N}-]{1,63}";
/** How people part the words of a mailbox that they spell. */
const JOINER = "(?:dot|punto|underscore|dash|hyphen|minus|guion bajo|guion)";
const WORD = "[\\p{L}\\p{N}_+'-]{1,30}";
const SPELLED_LOCAL = `${WORD}(?:(?: ${JOINER} |\\.)${WORD}){0,4}`;
const AT = "(?: at | arroba | ?[([{] ?(?:at|arroba) ?[)\\]}] ?)";
const DOT = "(?: dot | punto | ?[([{] ?(?:dot|punto) ?[)\\]}] ?)";
const ENDING = "(?:com|org|net|edu|gov|io|me|us|es|mx|info|co|dev|health|dental|ch|de|uk|ca)";
const PROVIDER =
	"(?:gmail|googlemail|yahoo|hotmail|outlook|icloud|aol|proton|protonmail|live|msn|gmx|comcast|verizon|att)";

/** Mailboxes, also spelled out ("jane dot roe at gmail dot com"). "Look at example.com" is none: a site and no mailbox. */
export const EMAIL_RULES: readonly Rule[] = [
	{ mark: "email", at: new RegExp(`(?<![\\p{L}\\p{N}._%+'-])${LOCAL} ?@ ?${LABEL}(?:\\.${LABEL}){1,6}`, "giu") },
	// The first word of "sam poe at icloud dot com" is the mailbox's as well, where the dot is spelled.
	{
		mark: "email",
		at: new RegExp(
			`(?<![\\p{L}\\p{N}])${SPELLED_LOCAL}${AT}${LABEL}(?:(?:${DOT}|\\.)${LABEL}){0,3}${DOT}${ENDING}(?![\\p{L}\\p{N}])`,
			"giu",
		),
		accepts: isMailbox,
	},
	{
		mark: "email",
		at: new RegExp(
			`(?<![\\p{L}\\p{N}])${SPELLED_LOCAL}${AT}${PROVIDER}\\.${ENDING}(?:\\.${ENDING})?(?![\\p{L}\\p{N}])`,
			"giu",
		),
		accepts: isMailbox,
	},
	{
		mark: "email",
		at: new RegExp(
			`(?<![\\p{L}\\p{N}])${SPELLED_LOCAL} ?[([{] ?(?:at|arroba) ?[)\\]}] ?${LABEL}(?:\\.${LABEL}){1,4}`,
			"giu",
		),
	},
	// "j.smith at gmail": a bare word before it could be any.
	{
		mark: "email",
		at: new RegExp(`(?<![\\p{L}\\p{N}])${SPELLED_LOCAL}(?: ?@ ?|${AT})${PROVIDER}(?![\\p{L}\\p{N}.])`, "giu"),
		accepts: (candidate) => /^\S*[._\d]|@| (?:dot|punto|underscore|guion) /i.test(candidate),
	},
];

const NO_MAILBOX =
	/^(?:look|see|find|found|visit|me|us|you|is|it|here|page|site|website|read|saw|stuff|are|was|or|and)$/i;

function isMailbox(candidate: string): boolean {
	const [local = ""] = candidate.split(/ (?:at|arroba) /i);
	return !NO_MAILBOX.test(local);
}
