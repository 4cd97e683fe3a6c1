import { words } from "./terms.ts";

/** Words of which one at least makes small talk: greetings, thanks, leave-taking, assent and applause, in English and Spanish. */
const CORE = new Set(
	`hi hello hey heya hiya howdy greetings thanks thank thx ty tysm cheers bye goodbye cya welcome
	ok okay okey k kk alright great perfect awesome cool nice good wonderful excellent amazing fantastic lovely super brilliant
	yes yep yeah yup no nope nah sure understood noted lol haha hehe wow sorry appreciate appreciated helpful helps helped
	gotcha roger ya bravo congrats congratulations neat splendid obliged grateful blessed ace ta aye cheerio fab sweet exactly absolutely indeed
	hola gracias adios buenos buenas vale perfecto genial saludos chao ciao entendido listo claro estupendo excelente fantastico`.split(
		/\s+/,
	),
);
/** Words that may stand beside those without asking anything, where there is no question mark. */
const BESIDE = new Set(
	`a afternoon all am and are back be been bit day days dias evening everyone everything fine for folks friend glad got guys have i in is it its just know later
	likewise lot lots ll luck makes me moment more morning much muchas muchos of oh please pleased pleasure really right see seeing sense so sounds
	soon talk tardes noches the then there this to too u very was we well were will wish with you your yours ve bueno
	again answer answered answers best bless bro buddy care clear clearly copy dear did do does done enough fair fast fellow helping info information
	job kind kindly legend love man mate nothing question questions quick quickly reply response rock service star super take team till time tomorrow
	me my that thats today tonight try until week weekend while will work worked works
	muy bien si todo dia que tengas tenga tengan buen buena un una lindo linda bonito bonita hasta luego pronto manana mil por su tu ayuda usted
	ustedes es eso de acuerdo el la lo mucho nada mas`.split(/\s+/),
);
/** Questions after the bot itself, and wishes. */
const PHRASES =
	/\b(?:how (?:are|r) (?:you|u)(?: doing| today)?|how(?:['’]s| is) it going|how do you do|(?:who|what) are you|what(?:['’]s| is) your name|are you (?:a |an )?(?:bot|robot|ai|human|real)(?: person)?|(?:have|enjoy) (?:a|your) (?:very )?(?:nice|good|great|lovely|wonderful) (?:day|evening|weekend|night|one)|see (?:you|ya)|nice to meet you|good (?:morning|afternoon|evening|night)|^\W*(?:morning|afternoon|evening)|no (?:problem|worries)|(?:any|some)(?:one|body) there|for (?:all )?(?:your|the) help)\b/gi;
/** The beginning of a question, whether or not its mark is there: "do you work in the evening". */
const ASKING =
	/(?:^|[,.;!])\s*(?:(?:do|does|did|is|are|was|were|will|can|could)\s+(?:you|it|he|she|they|there|this|that|the|your|we|i)|am\s+i)\b/i;
/** Words that say yes to what the bot has offered, and those that may stand beside them. */
const ASSENT = new Set("yes yep yeah yup sure absolutely exactly indeed claro vale".split(" "));
const BESIDE_ASSENT = new Set(
	"please of course go ahead on do it that would be great good nice ok okay tell me more por favor".split(" "),
);
/** Longer messages say more than hello. */
const MAX_WORDS = 14;

/**
 * Whether a message only greets, thanks, takes leave, assents or asks after the bot itself: nothing is to be found for it, and no
 * answer to it rests on anything. One word that is not known here makes it a question.
 */
export function isSmallTalk(text: string): boolean {
	const greeted = text.replace(PHRASES, " hello ");
	const said = words(greeted);
	if (said.length === 0 || said.length > MAX_WORDS) return said.length === 0;
	const asks = text.includes("?") || ASKING.test(greeted);
	return said.some((word) => CORE.has(word)) && said.every((word) => CORE.has(word) || (!asks && BESIDE.has(word)));
}

/** Whether a message only says yes: to what was offered to it, if anything was, so that it asks for what was spoken of. */
export function isAssent(text: string): boolean {
	const said = words(text);
	return said.some((word) => ASSENT.has(word)) && said.every((word) => ASSENT.has(word) || BESIDE_ASSENT.has(word));
}
