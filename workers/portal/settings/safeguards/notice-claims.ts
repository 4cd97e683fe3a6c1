import { asSeen } from "../../../lib/text/unseen.ts";

// California's AB 489 forbids an AI the titles, letters and phrases of a licensed health professional, and B&P 17941 to pass for a
// person. Words are known in English and Spanish; a text in another language is held to the letters alone.

const TITLES =
	"dra?s?|doctor(?:es|as?|s)?|physicians?|surgeons?|nurses?|dentists?|orthodontists?|hygienists?|therapists?|psychologists?|psychiatrists?|" +
	"pharmacists?|paramedics?|midwi(?:fe|ves)|counsell?ors?|practitioners?|clinicians?|pa?ediatricians?|(?:dental|medical|physician) assistants?|" +
	"medic[oa]s?|enfermer[oa]s?|dentistas?|odontolog[oa]s?|ortodoncistas?|terapeutas?|psicolog[oa]s?|psiquiatras?|farmaceutic[oa]s?|" +
	"ciruj?an[oa]s?|pediatras?|higienistas?";
const PERSONS =
	"(?:real|live|actual|living) (?:person|people|humans?|agents?|operators?)|personas? (?:real(?:es)?|de verdad)";
/** Letters after a name, as they are written: `do` and `ms` are words. */
const LETTERS = "MD|DDS|DMD|RN|LPN|LVN|NP|APRN|PA-C|PsyD|PhD|LCSW|LMFT|LPC|RDH|RDA|PharmD";

/** What makes what follows the speaker: itself, or whom the visitor writes to. */
const OF_ITSELF =
	"i am|i'm|im|my name is|this is|it is|it's|we are|we're|here is|as|like|meet|called|named|(?:chat|chatting|talking|speaking) (?:to|with)|(?:talk|speak) (?:to|with)(?! (?:your|an?|one of|our)\\b)|" +
	"not (?:only|just|merely)|ai|virtual|digital|automated|artificial|online|robot|bot|chatbot|" +
	"soy|somos|me llamo|mi nombre es|hablas? con|hablando con|chateas? con|como|ia|automatic[oa]|no solo";
/** What makes it somebody else: whom the bot belongs to, whom to ask, what it is not. */
const OF_OTHERS =
	"of|for|at|call|phone|ask|see|contact|visit|tell|consult|replaces?|instead of|(?:talk|speak) (?:to|with) (?:your|an?|one of|our)|" +
	"not|no|never|nor|neither|without|cannot|\\w+n't|de|del|para|llame al?|consulte|pregunte|ni|nunca|sin|sustituye|reemplaza";

const MARK = new RegExp(`\\b(?:(${OF_ITSELF})|(?:${OF_OTHERS}))(?![\\w'])`, "g");
const TITLE = new RegExp(`\\b(?:${TITLES}|${PERSONS})\\b`, "g");
const LETTER = new RegExp(`\\b(?:${LETTERS})\\b`, "g");
/** How many words may stand between a mark and the title that it speaks of. */
const MAX_WORDS_BETWEEN = 6;

/** A bare person, human or Mensch is refused only where the speaker says to be one; that it is no machine, wherever it does. */
const SAYS_PERSON =
	/\b(?:i am|i'm|we are|we're|this is|(?:chatting|talking|speaking) (?:to|with)|soy|somos|hablando con) (?:an? |the |your |una? )?(?:\w+ )?(?:persons?|people|humans?|human being|personas?|humano|humana)\b/;
const DENIES_MACHINE =
	/(?:\b(?:not|no|never)|n't) (?:an? |un |una )?(?:ai|ia|bot|robot|machine|computer|chatbot|program|automated|artificial|maquina)\b/;

/**
 * Whether a notice lets the bot pass for a person, or gives it a title of one: a title or its letters count unless the last word
 * before them in their sentence that says whose they are makes them somebody else's ("of Dr. Lee", "not a nurse", "ask your doctor").
 */
export function claimsToBeAPerson(notice: string): boolean {
	return sentences(asSeen(notice)).some((sentence) => {
		const lower = sentence.toLowerCase();
		if (SAYS_PERSON.test(lower) || DENIES_MACHINE.test(lower)) return true;
		const places = [...lower.matchAll(TITLE), ...sentence.matchAll(LETTER)].map(({ index }) => index);
		return places.some((place) => !isOfOthers(lower.slice(0, place)));
	});
}

/** A point after a title or between letters ends no sentence; a name written together is two words (NurseBot). */
function sentences(text: string): string[] {
	const plain = text
		.replace(/[’‘]/g, "'")
		.replace(/\b([A-Z])\.\s?([A-Z])\.(?:\s?([A-Z])\.)?/g, "$1$2$3")
		.replace(/\b(dra?s?|mrs?|ms|st)\./gi, "$1")
		.replace(/([a-z])([A-Z])/g, "$1 $2");
	return plain.split(/[.!?;:\n]+/);
}

/** Whether the last mark before a title says that it is somebody else's. @param before of its sentence, in lower case */
function isOfOthers(before: string): boolean {
	const last = [...before.matchAll(MARK)].at(-1);
	if (last === undefined || last[1] !== undefined) return false;
	const between = before.slice(last.index + last[0].length).match(/[^\s,]+/g) ?? [];
	return between.length <= MAX_WORDS_BETWEEN;
}
