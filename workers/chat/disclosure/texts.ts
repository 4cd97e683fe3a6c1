export type Language = "en" | "es";

/** What a visitor asks whether they talk to it; `either` = they ask which of the two, or what. */
export type Asked = "person" | "machine" | "either";

/** For whom a bot speaks, and how a person there is reached. */
export interface SpokenFor {
	name: string;
	/** As the owner has written it; null = the website's contact page. */
	contact: string | null;
}

interface Texts {
	/** In answer to a question that can be answered by yes or no. */
	verdict: Readonly<Record<Asked, string>>;
	whoAnswers(name: string): string;
	contact(contact: string | null): string;
	child(name: string): string;
}

const TEXTS: Readonly<Record<Language, Texts>> = {
	en: {
		verdict: { person: "No. ", machine: "Yes. ", either: "" },
		whoAnswers: (name) =>
			`You are writing with the AI assistant of ${name}: an automated program, not a person, and nobody is watching this chat live.`,
		contact: (contact) =>
			contact === null
				? "To reach a person, please use the contact details on this website."
				: `To reach a person: ${contact}`,
		child: (name) =>
			`Thank you for telling me. This chat is for grown-ups, so please ask a grown-up, such as a parent, to write here or to call ${name} for you. If you are hurt or in danger, tell a grown-up near you right away.`,
	},
	es: {
		verdict: { person: "No. ", machine: "Sí. ", either: "" },
		whoAnswers: (name) =>
			`Está escribiendo con el asistente de IA de ${name}: un programa automático, no una persona, y nadie lee este chat en vivo.`,
		contact: (contact) =>
			contact === null
				? "Para hablar con una persona, use los datos de contacto de este sitio web."
				: `Para hablar con una persona: ${contact}`,
		child: (name) =>
			`Gracias por decírmelo. Este chat es para adultos: por favor, pide a una persona adulta, como tu mamá o tu papá, que escriba aquí o que llame a ${name}. Si te hiciste daño o estás en peligro, díselo ahora mismo a un adulto que esté cerca.`,
	},
};

/** What a visitor is told who asks whether a person answers. */
export function whoAnswersText(asked: Asked, language: Language, { name, contact }: SpokenFor): string {
	const texts = TEXTS[language];
	return `${texts.verdict[asked]}${texts.whoAnswers(name)} ${texts.contact(contact)}`;
}

/** What a child is told, who may not be answered and of whom nothing is kept. */
export function childText(language: Language, { name }: SpokenFor): string {
	return TEXTS[language].child(name);
}
