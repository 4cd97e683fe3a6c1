/** Which of the two a visitor asks whether they talk to; `either` = they ask which. */
export type Asked = "person" | "machine" | "either";

/** A way to ask, with the language of its words. */
interface Way {
	pattern: RegExp;
	asked: Asked;
	language: "en" | "es";
}

const PERSON =
	"(?:human(?: being)?|humans|person|people|man|woman|guy|girl|lady|real human|real person|real people|live person|live human|live agent|somebody real|someone real)";
const MACHINE =
	"(?:ai|a i|artificial intelligence|bot|bots|chatbot|chat bot|robot|robots|machine|computer|program|automated|chatgpt|chat gpt|gpt|gemini|llm|language model|virtual assistant|automated system|answering machine|recording)";
/** Titles that a machine must not claim; of a practice they are asked without `real`, so only with it they are meant so. */
const TITLE =
	"(?:doctor|dr|dentist|nurse|hygienist|orthodontist|pediatrician|physician|therapist|receptionist|assistant|agent|employee|staff|staff member)";
const REAL =
	"(?:real|actual|actually|live|living|really|just|still|truly|even|a real|an actual|a live|a living|just a|just an|even a|really a|really an|actually a|actually an|truly a|only a|some kind of|some sort of|some|a|an|the|like a|also a|secretly a)";
const TAIL =
	"(?: (?:here|there|right now|now|at all|please|pls|or not|or what|or no|by any chance|though|tho|too|lol|im (?:talking|speaking|chatting|writing|texting) (?:to|with)|that im (?:talking|speaking|chatting|writing|texting) (?:to|with)|i am (?:talking|speaking|chatting|writing|texting) (?:to|with)|behind (?:this|it|the screen|the chat)|in there|on the other (?:end|side)|answering(?: me| this)?|typing(?: this)?|writing(?: this)?|reading this|talking to me|who can help(?: me)?|like me|and not (?:a |an )?(?:human|person|bot|robot|machine|ai|computer)|not (?:a |an )?(?:human|person|bot|robot|machine|ai|computer)))?$";
const TALKING = "(?:talking|speaking|chatting|writing|texting|messaging|typing|talkin|speakin|connected)";
const YOU = "(?:are you|r u|are u|r you|you are|youre|ur|is this|is it|is that|am i talking to|u)";

/** Whoever asks with several nouns asks which it is: "are you a bot or a person". */
const OR = new RegExp(
	`\\b${PERSON} or (?:is it |are you )?(?:${REAL} )?${MACHINE}\\b|\\b${MACHINE} or (?:is it |are you )?(?:${REAL} )?${PERSON}\\b`,
);

const WAYS: readonly Way[] = [
	{
		asked: "either",
		language: "en",
		pattern: new RegExp(
			`\\b(?:you|u|this|it|to|with)\\b.{0,40}\\b(?:${PERSON} or .{0,12}${MACHINE}|${MACHINE} or .{0,12}${PERSON})${TAIL}`,
		),
	},
	{
		asked: "either",
		language: "en",
		pattern: new RegExp(
			`^(?:${REAL} )?(?:${PERSON} or (?:${REAL} )?${MACHINE}|${MACHINE} or (?:${REAL} )?${PERSON})${TAIL}`,
		),
	},
	{
		asked: "either",
		language: "en",
		pattern: new RegExp(
			`^(?:\\w+ )?(?:who|what) (?:am i|im|i am) ${TALKING} (?:to|with)${TAIL}|^(?:\\w+ )?(?:who|what) (?:are|r) (?:you|u) (?:really|exactly|actually)$|^what are you$`,
		),
	},
	{ asked: "person", language: "en", pattern: new RegExp(`\\b${YOU} (?:${REAL} ){0,2}(?:${PERSON}|real)${TAIL}`) },
	{
		asked: "person",
		language: "en",
		pattern: new RegExp(`\\b${YOU} (?:${REAL} )?(?:real|actual|live|human) ${TITLE}${TAIL}`),
	},
	{
		asked: "person",
		language: "en",
		pattern: new RegExp(
			`\\b(?:am i|i am|im|do i|can i|if i am|if im) (?:really |actually |now )?(?:${TALKING}|talk|speak|chat) (?:to|with) (?:${REAL} ){0,2}(?:${PERSON}|(?:real|actual|live|human) ${TITLE})${TAIL}`,
		),
	},
	{
		asked: "person",
		language: "en",
		pattern: new RegExp(
			`\\b(?:is there|are there|is|have you got|do you have) (?:${REAL} ){0,2}(?:${PERSON}|anyone real|anybody real|someone real|somebody real) (?:here|there|in there|behind (?:this|it|the chat)|on the other (?:end|side)|answering(?: me| this)?|typing|reading this|at the other end)$`,
		),
	},
	{ asked: "machine", language: "en", pattern: new RegExp(`\\b${YOU} (?:${REAL} ){0,2}${MACHINE}${TAIL}`) },
	{
		asked: "machine",
		language: "en",
		pattern: new RegExp(
			`\\b(?:am i|i am|im) (?:really |actually |now |just )?${TALKING} (?:to|with) (?:${REAL} ){0,2}${MACHINE}${TAIL}`,
		),
	},
	{
		asked: "either",
		language: "es",
		pattern:
			/\b(?:persona|humano|humana) (?:real )?o (?:eres |es )?(?:un |una )?(?:robot|bot|maquina|ia|chatbot|computadora)\b|\b(?:robot|bot|maquina|ia|chatbot|computadora) o (?:eres |es )?(?:un |una )?(?:persona|humano|humana)\b|^con (?:quien|que) (?:estoy hablando|hablo|estoy chateando)$|^(?:que|quien) eres$/,
	},
	{
		asked: "person",
		language: "es",
		pattern:
			/\b(?:eres|es usted|es|sos|esto es|hablo con|estoy hablando con|estoy chateando con|hablando con|converso con) (?:realmente |de verdad |verdaderamente |tu )?(?:una |un |alguna |algun |alguien )?(?:persona|humano|humana|ser humano|real|alguien real|medico real|doctor real|dentista real|doctora real|recepcionista real|agente real)(?: de verdad| real| humana| humano| de carne y hueso| viva| aqui| ahora)?$|\bhay (?:alguna |una |algun )?(?:persona|humano|alguien)(?: real| de verdad| humana)? (?:ahi|aqui|del otro lado|al otro lado|detras|respondiendo)$/,
	},
	{
		asked: "machine",
		language: "es",
		pattern:
			/\b(?:eres|es usted|es|sos|esto es|hablo con|estoy hablando con|estoy chateando con|hablando con) (?:solo |realmente |acaso )?(?:una |un )?(?:robot|bot|maquina|ia|inteligencia artificial|chatbot|computadora|ordenador|programa|contestadora|asistente virtual|chatgpt)(?: o que| verdad| o no)?$/,
	},
];

/** No statement, wish or tale of somebody else's: "I want to talk to a person" asks for one, "he is a real person" tells of one. */
const TOLD =
	/\b(?:want|need|like|prefer|wish|rather|connect|transfer|how do|how can|when can|where can) |\b(?:he|she|they|who|we) (?:is|are) |\bquiero |\bnecesito |\bprefiero /;

/** Whether a clause asks if its writer talks to a person or to a machine. @param clause as `clausesOf` gives it */
export function asksWhoAnswers(clause: string): Pick<Way, "asked" | "language"> | undefined {
	if (TOLD.test(clause)) return undefined;
	const way = WAYS.find(({ pattern }) => pattern.test(clause));
	if (way === undefined) return undefined;
	return { asked: OR.test(clause) ? "either" : way.asked, language: way.language };
}
