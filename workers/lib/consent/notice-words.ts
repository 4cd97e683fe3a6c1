import type { Language } from "../languages/languages.ts";

/** What visitors are told of whom they write to, in a language. */
interface NoticeWords {
	/** That an AI answers, and what it is not. */
	opening(name: string): string;
	/** What holds of a deployment's chat beside that. @param isForgotten no word of it is kept */
	rest(name: string, isForgotten: boolean): string;
	/** Between two sentences. */
	between: string;
}

/** A name keeps its own direction between words of another: Unicode's first strong isolate. */
function isolated(name: string): string {
	return `\u2068${name}\u2069`;
}

/** Every language says the same: a program of the practice, no person, no medical advice, whom to call, what to leave out, who processes it. */
export const NOTICE_WORDS: Readonly<Record<Language, NoticeWords>> = {
	en: {
		opening: (name) => `AI assistant of ${name}. Not a person, and not medical advice.`,
		rest: (name, isForgotten) =>
			`In an emergency, call your local emergency number. Please don't share private health details. Chats are ${isForgotten ? "not recorded; they are" : "recorded and"} processed for ${name} by Koby and Google.`,
		between: " ",
	},
	es: {
		opening: (name) => `Asistente de IA de ${name}. No es una persona ni da consejos médicos.`,
		rest: (name, isForgotten) =>
			`En una emergencia, llame al número de emergencias de su zona. No comparta datos privados de salud. Los chats ${isForgotten ? "no se guardan;" : "se guardan y"} los procesan Koby y Google para ${name}.`,
		between: " ",
	},
	fr: {
		opening: (name) => `Assistant IA de ${name}. Ce n’est pas une personne, et il ne donne pas d’avis médical.`,
		rest: (name, isForgotten) =>
			`En cas d’urgence, appelez le numéro d’urgence local. Veuillez ne pas communiquer de données de santé personnelles. Les conversations ${isForgotten ? "ne sont pas enregistrées\u00a0; elles sont" : "sont enregistrées et"} traitées pour ${name} par Koby et Google.`,
		between: " ",
	},
	de: {
		opening: (name) => `KI-Assistent von ${name}. Kein Mensch und keine medizinische Beratung.`,
		rest: (name, isForgotten) =>
			`Rufen Sie im Notfall die örtliche Notrufnummer an. Bitte teilen Sie keine privaten Gesundheitsdaten mit. Chats werden ${isForgotten ? "nicht gespeichert; sie werden" : "gespeichert und"} für ${name} von Koby und Google verarbeitet.`,
		between: " ",
	},
	pt: {
		opening: (name) => `Assistente de IA de ${name}. Não é uma pessoa e não dá orientação médica.`,
		rest: (name, isForgotten) =>
			`Em caso de emergência, ligue para o número de emergência local. Por favor, não compartilhe dados particulares de saúde. As conversas ${isForgotten ? "não são registradas; são" : "são registradas e"} processadas para ${name} por Koby e Google.`,
		between: " ",
	},
	it: {
		opening: (name) => `Assistente IA di ${name}. Non è una persona e non fornisce consulenza medica.`,
		rest: (name, isForgotten) =>
			`In caso di emergenza, chiami il numero di emergenza locale. La preghiamo di non condividere dati sanitari privati. Le chat ${isForgotten ? "non vengono registrate; vengono" : "vengono registrate e"} elaborate per ${name} da Koby e Google.`,
		between: " ",
	},
	nl: {
		opening: (name) => `AI-assistent van ${name}. Geen mens en geen medisch advies.`,
		rest: (name, isForgotten) =>
			`Bel in een noodgeval het plaatselijke alarmnummer. Deel alstublieft geen persoonlijke gezondheidsgegevens. Chats worden ${isForgotten ? "niet bewaard; ze worden" : "bewaard en"} voor ${name} verwerkt door Koby en Google.`,
		between: " ",
	},
	pl: {
		opening: (name) => `Asystent AI: ${name}. To nie jest człowiek. Nie udziela porad medycznych.`,
		rest: (name, isForgotten) =>
			`W nagłym wypadku proszę zadzwonić pod lokalny numer alarmowy. Prosimy nie podawać prywatnych danych o zdrowiu. Rozmowy ${isForgotten ? "nie są zapisywane;" : "są zapisywane i"} przetwarzają je Koby i Google (na rzecz: ${name}).`,
		between: " ",
	},
	zh: {
		opening: (name) => `${name}的 AI 助手。本助手不是真人，不提供医疗建议。`,
		rest: (name, isForgotten) =>
			`如遇紧急情况，请拨打当地急救电话。请勿透露您的私人健康信息。聊天内容${isForgotten ? "不会被记录，" : "会被记录，并"}由 Koby 和 Google 为${name}处理。`,
		between: "",
	},
	ar: {
		opening: (name) => `مساعد ذكاء اصطناعي لدى ${isolated(name)}. ليس شخصًا ولا يقدّم استشارات طبية.`,
		rest: (name, isForgotten) =>
			`في حالات الطوارئ يُرجى الاتصال برقم الطوارئ المحلي. يُرجى عدم مشاركة معلومات صحية خاصة. ${isForgotten ? "لا تُسجَّل المحادثات، وتعالجها" : "تُسجَّل المحادثات وتعالجها"} شركتا Koby وGoogle لصالح ${isolated(name)}.`,
		between: " ",
	},
};
