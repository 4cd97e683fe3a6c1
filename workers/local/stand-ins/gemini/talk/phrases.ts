/** What is said around what the page says, in the languages that the stand-in knows. */
export interface Phrases {
	greeting: string;
	thanks: string;
	goodbye: string;
	/** To a yes, or a no. */
	goesOn: string;
	/** @param contact whom to turn to, as the owner wants it said */
	unknown(contact: string | undefined): string;
	/** Around a sentence of the page's own. */
	quote(sentences: string): string;
}

export const ENGLISH: Phrases = {
	greeting: "Hello! How can I help you?",
	thanks: "You are welcome! Is there anything else that I can help you with?",
	goodbye: "Goodbye, and thank you for your visit!",
	goesOn: "What would you like to know?",
	unknown: (contact) =>
		`I am sorry, I do not know that: it is not in what I was given to read. ${contact === undefined ? "Please write to us from the contact page." : `Please turn to ${contact}`}`,
	quote: (sentences) => sentences,
};

export const SPANISH: Phrases = {
	greeting: "¡Hola! ¿En qué puedo ayudarle?",
	thanks: "¡De nada! ¿Puedo ayudarle en algo más?",
	goodbye: "¡Hasta luego, y gracias por su visita!",
	goesOn: "¿Qué desea saber?",
	unknown: (contact) =>
		`Lo siento, no lo sé: no está en lo que me dieron a leer. ${contact === undefined ? "Por favor, escríbanos desde la página de contacto." : `Por favor, diríjase a: ${contact}`}`,
	quote: (sentences) => `Esto es lo que dice nuestra página: «${sentences}»`,
};

const COURTESIES = {
	greeting:
		/^(?:hi|hello|hey|hiya|greetings|good (?:morning|afternoon|evening|day)|how are you|hola|buen(?:os|as) (?:dias|tardes|noches)|buen dia|que tal)$/,
	thanks:
		/^(?:thanks?|thank you|many thanks|thx|cheers|great|perfect|got it|ok|okay|alright|cool|gracias|muchas gracias|perfecto|vale|that helps|that is all)$/,
	goodbye: /^(?:bye|goodbye|bye bye|see you|have a (?:nice|good) day|adios|hasta luego|chao)$/,
	goesOn: /^(?:(?:yes|yep|yeah|sure|no|nope|si|claro)(?: please| por favor)?|yes i do|of course|please|por favor)$/,
} as const;
const CLAUSES = /[,.!?;¡¿\n]+/;
/** What may stand before another courtesy, as "ok" does before "thanks". */
const STARTERS = /^(?:ok|okay|great|perfect|alright|cool|hi|hello|hey|hola|vale|perfecto)\s+(?=\S)/;
const ENDINGS = /\s+(?:there|again|then|so much|very much|a lot|everyone|all)$/;

/** What kind of courtesy a message is, where it is nothing else. */
export function courtesyOf(message: string): keyof typeof COURTESIES | undefined {
	const clauses = message
		.normalize("NFKD")
		.replace(/[\u0300-\u036f\p{Extended_Pictographic}]/gu, "")
		.toLowerCase()
		.split(CLAUSES)
		.map((clause) => clause.trim())
		.filter((clause) => clause !== "");
	const kinds = clauses.map(kindOf);
	if (kinds.length === 0 || kinds.includes(undefined)) return undefined;
	return kinds.includes("thanks") ? "thanks" : kinds.at(-1);
}

function kindOf(clause: string): keyof typeof COURTESIES | undefined {
	const ended = clause.replace(ENDINGS, "");
	const forms = [clause, ended, clause.replace(STARTERS, ""), ended.replace(STARTERS, "")];
	return (["greeting", "thanks", "goodbye", "goesOn"] as const).find((kind) =>
		forms.some((form) => COURTESIES[kind].test(form)),
	);
}
