import type { Language } from "../../lib/languages/languages.ts";
import type { Asked } from "./texts-by-language.ts";

/**
 * How a language beside English and Spanish asks who answers, in its plainest forms, and says that its writer is a child, in figures. Clauses
 * are as `clausesOf` gives them: without accents, and in Arabic without hamza.
 */
interface Forms {
	language: Language;
	/** What such a question begins with. */
	asks: string;
	person: string;
	machine: string;
	or: string;
	/** What may end it. */
	tail: string;
	age: RegExp;
}

const FORMS: readonly Forms[] = [
	{
		language: "fr",
		asks: "(?:est ce que )?(?:vous etes|etes vous|tu es|t es|es tu|cest|est ce|(?:je )?parle(?: je)? (?:a|avec)|suis je en train de parler (?:a|avec))(?: bien| vraiment)?(?: une?)?(?: vraie?)?",
		person: "(?:humaine?|etre humain|personne)(?: reelle)?",
		machine: "(?:robot|bot|chatbot|ia|intelligence artificielle|machine)",
		or: "ou(?: une?)?",
		tail: "",
		age: /^(?:moi )?(?:jai|je nai que|jai seulement) (\d{1,2}) ans(?:$| (?:et|mais|je)\b)/,
	},
	{
		language: "de",
		asks: "(?:bist du|sind sie|ist das|(?:rede|spreche|schreibe|chatte) ich(?: hier)? mit)(?: wirklich| hier)?(?: eine?[mr]?)?(?: echte[rnm]?| richtige[rnm]?)?",
		person: "(?:mensch(?:en)?|person)",
		machine: "(?:bot|roboter|chatbot|ki|kunstliche intelligenz|maschine)",
		or: "oder(?: eine?[mr]?)?",
		tail: "",
		age: /^ich bin(?: erst)? (\d{1,2})(?: jahre?(?: alt)?)?$/,
	},
	{
		language: "pt",
		asks: "(?:voce e|tu es|isso e|isto e|(?:estou )?fal(?:o|ando) com)(?: mesmo)?(?: uma?)?",
		person: "(?:pessoa|human[oa]|ser humano)(?: real| de verdade)?",
		machine: "(?:robo|bot|chatbot|ia|inteligencia artificial|maquina)",
		or: "ou(?: uma?)?",
		tail: "",
		age: /^(?:eu )?(?:so )?tenho(?: so)? (\d{1,2}) anos(?:$| (?:e|mas)\b)/,
	},
	{
		language: "it",
		asks: "(?:sei|lei e|(?:sto )?parl(?:o|ando) con)(?: davvero)?(?: una?)?(?: ver[oa])?",
		person: "(?:persona|uman[oa]|essere umano)(?: ver[oa]| reale)?",
		machine: "(?:robot|bot|chatbot|ia|(?:un)?intelligenza artificiale|macchina)",
		or: "o(?: una?)?",
		tail: "",
		age: /^(?:io )?ho(?: solo)? (\d{1,2}) anni(?:$| (?:e|ma)\b)/,
	},
	{
		language: "nl",
		asks: "(?:ben (?:je|jij)|bent u|is dit|(?:praat|spreek|chat) ik met)(?: echt)?(?: een)?(?: echte?)?",
		person: "(?:mens|persoon)",
		machine: "(?:robot|bot|chatbot|ai|kunstmatige intelligentie|machine)",
		or: "of(?: een)?",
		tail: "",
		age: /^ik ben(?: pas)? (\d{1,2})(?: jaar(?: oud)?)?$/,
	},
	{
		language: "pl",
		asks: "(?:(?:czy )?(?:jestes|pani? jest|rozmawiam z)|czy to(?: jest)?)(?: prawdziw(?:ym|a|y))?(?: zyw(?:ym|a|y))?",
		person: "(?:człowiek(?:iem)?|osoba)",
		machine: "(?:robot(?:em)?|bot(?:em)?|chatbot(?:em)?|ai|sztuczna inteligencja|maszyna)",
		or: "czy",
		tail: "",
		age: /^(?:ja )?mam(?: dopiero)? (\d{1,2}) (?:lat|lata)$/,
	},
	{
		language: "zh",
		asks: "(?:请问)?(?:你|您|这)(?:是不是|是)(?:一个|个)?",
		person: "(?:真人|活人|人类|人)",
		machine: "(?:机器人|ai|人工智能|机器|电脑)",
		or: "还是",
		tail: "(?:吗|么|呢|啊)?",
		age: /^我(?:今年|才|只有)?(\d{1,2})岁(?:了|啦)?$/,
	},
	{
		language: "ar",
		asks: "(?:هل )?(?:انت|هذا|(?:انا )?(?:اتحدث|اتكلم) (?:مع|الى))",
		person: "(?:شخص|انسان|بشر)(?: حقيقي)?",
		machine: "(?:روبوت|بوت|الة|ذكاء اصطناعي)",
		or: "ام",
		tail: "",
		age: /^(?:انا )?عمري (\d{1,2})(?: (?:سنوات|سنة|عاما|اعوام))?$/,
	},
];

const PATTERNS = FORMS.map(({ language, asks, person, machine, or, tail, age }) => {
	const whole = (asked: string): RegExp => new RegExp(`^${asks} ?${asked}${tail}$`);
	const either = whole(`(?:${person} ?${or} ?${machine}|${machine} ?${or} ?${person})`);
	return { language, age, asked: { either, person: whole(person), machine: whole(machine) } };
});
const ASKED: readonly Asked[] = ["either", "person", "machine"];

/** Whether a clause asks, in one of these languages, if a person answers or a machine. @param clause as `clausesOf` gives it */
export function asksElsewhere(clause: string): { asked: Asked; language: Language } | undefined {
	for (const { language, asked } of PATTERNS) {
		const found = ASKED.find((kind) => asked[kind].test(clause));
		if (found !== undefined) return { asked: found, language };
	}
	return undefined;
}

/** What a clause says of its writer's age in one of these languages, years. @param clause as `clausesOf` gives it */
export function ageElsewhere(clause: string): { years: number; language: Language } | undefined {
	for (const { language, age } of PATTERNS) {
		const years = age.exec(clause)?.[1];
		if (years !== undefined) return { years: Number(years), language };
	}
	return undefined;
}
