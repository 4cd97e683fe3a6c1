import type { Found } from "./rule.ts";

const PERSON =
	"(?:son|daughter|child|kid|baby|boy|girl|husband|wife|spouse|partner|mother|father|mom|mum|dad|brother|sister|patient|grandson|granddaughter)";
/** What a name follows, however it is written. */
const SAID = new RegExp(
	`(?<![\\p{L}\\p{N}])(?:(?:my|his|her|our|the) name(?: is|'s)|name's|${PERSON}(?:'?s)?(?:'s)? name(?: is|'s)?|${PERSON} (?:is )?(?:called|named)|(?:name|patient|paciente) ?[:=]|me llamo|(?:mi|su) nombre(?: es)?|se llama|nombre ?[:=])[ :=]{1,3}`,
	"giu",
);
/** What a name may follow: then it is one only where first and last name begin with capitals. */
const HINTED = /(?<![\p{L}\p{N}])(?:i am|i'm|im|this is|soy)[ :,]{1,2}/giu;

/** Relatives, written small as within a sentence: in "My Son Has A Fever" every word begins with a capital. */
const RELATIVE =
	"(?:son|daughter|child|kid|baby|boy|girl|husband|wife|brother|sister|grandson|granddaughter|niece|nephew|stepson|stepdaughter)";
const PARIENTE = "(?:hijo|hija|esposo|esposa|marido|bebe|nieto|nieta|hermano|hermana|sobrino|sobrina|nino|nina)";
/** What is followed by a name where the next word begins with a capital, whoever it is. */
const OF_RELATIVE = new RegExp(
	`(?<![\\p{L}\\p{N}])(?:[Mm]y|[Oo]ur|[Mm]i|[Nn]uestr[oa]) (?:[a-z0-9-]{1,12} )?(?:${RELATIVE}|${PARIENTE}),? (?=\\p{Lu}\\p{Ll})`,
	"gu",
);

/** What follows "my name is" and is no name. */
const NO_NAME = new Set(
	`a an the in on not no yes spelled misspelled missing wrong right correct incorrect still already listed there here what how why when too
	very long short different changed unknown same also your my his her at under only and or but with for from if it is was that this
	mal igual como que muy por el la un una no en y o pero con`.split(/\s+/),
);
/** What begins with a capital beside a name's words, and is no person's. */
const NO_PERSON = new Set(
	`dental dentist dentistry delta cross shield blue aetna cigna humana guardian metlife health healthcare care insurance insured plan ppo hmo
	clinic office hospital medical medicaid medicare american english spanish hispanic texas austin monday tuesday wednesday thursday friday
	saturday sunday january february march april june july august september october november december new looking scared not working urgent
	important very really so still here patient doctor dr mr mrs ms mom dad parent mother father nurse assistant ok sorry just already
	school center centre group family pediatric pediatrics vanderbilt conners edinburgh chadis zoom google invisalign tylenol motrin can
	could did does has had is was will should would needs wants asq swyc bright futures early head medi medi-cal denti-cal dentical chip
	peachcare tricare tiene esta estuvo es fue va necesita puede quiere dijo debe come duerme llora usa toma zepbound adderall ritalin concerta`.split(
		/\s+/,
	),
);
/** Parts of a name that are written small. */
const PARTICLE = /^(?:de|del|la|las|los|da|di|do|dos|van|von|der|den|bin|al|el|y|st\.?)$/iu;
const NAME_WORD = /^\p{L}[\p{L}'.-]{0,29}/u;
const MAX_WORDS = 6;

/** Names that a visitor says, in a folded text. The bare name of somebody is found by no word before it, and stays. */
export function foundNames(text: string): Found[] {
	return [...after(text, SAID, saidName), ...after(text, HINTED, hintedName), ...after(text, OF_RELATIVE, capitalName)];
}

function after(text: string, trigger: RegExp, nameIn: (rest: string) => string): Found[] {
	return [...text.matchAll(trigger)].flatMap(({ 0: words, index }) => {
		const start = index + words.length;
		const name = nameIn(text.slice(start, start + 100));
		return name === "" ? [] : [{ start, end: start + name.length, mark: "name" as const }];
	});
}

/** One word however it is written, then those that begin with a capital, or one more where nothing else follows. */
function saidName(rest: string): string {
	const [first = "", ...others] = wordsOf(rest);
	if (first === "" || NO_NAME.has(first.toLowerCase())) return "";
	const capitals = withCapitals(rest, first, others);
	if (capitals !== first || isCapital(first)) return capitals;
	const [second = ""] = others;
	const both = `${first} ${second}`;
	const isLast = second !== "" && /^(?:[.,;:!?)]|$| and | y )/i.test(rest.slice(both.length));
	return isLast && !NO_NAME.has(second.toLowerCase()) ? both : first;
}

/** The words that are written as names are, one at least. */
function capitalName(rest: string): string {
	const [first = "", ...others] = wordsOf(rest);
	return isName(first) ? withCapitals(rest, first, others) : "";
}

function hintedName(rest: string): string {
	const [first = "", ...others] = wordsOf(rest);
	if (!isName(first)) return "";
	const name = withCapitals(rest, first, others);
	return name === first ? "" : name;
}

/** The first word and those behind it that are written as names are. */
function withCapitals(rest: string, first: string, others: readonly string[]): string {
	let end = first.length;
	let at = end;
	for (const word of others) {
		at += 1 + word.length;
		if (isName(word)) end = at;
		else if (!PARTICLE.test(word)) break;
	}
	return rest.slice(0, end).replace(/[.'-]+$/, "");
}

/** The words that stand first, one blank between two; a mark behind one ends them. */
function wordsOf(rest: string): string[] {
	const words: string[] = [];
	let at = 0;
	while (words.length < MAX_WORDS) {
		const [word = ""] = NAME_WORD.exec(rest.slice(at)) ?? [];
		if (word === "") break;
		words.push(word);
		at += word.length + 1;
		if (rest.charAt(at - 1) !== " " || /[a-z]\.$/.test(word)) break;
	}
	return words;
}

function isCapital(word: string): boolean {
	return /^\p{Lu}/u.test(word);
}

/** Written as a name is, and not shouted. */
function isName(word: string): boolean {
	return /^\p{Lu}[\p{L}'.-]*\p{Ll}/u.test(word) && !NO_PERSON.has(word.toLowerCase().replace(/'s$|\.$/g, ""));
}
