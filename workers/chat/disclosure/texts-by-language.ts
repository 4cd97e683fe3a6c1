import type { Language } from "../../lib/languages/languages.ts";

/** What a visitor asks whether they talk to it; `either` = they ask which of the two, or what. */
export type Asked = "person" | "machine" | "either";

interface Texts {
	/** In answer to a question that can be answered by yes or no. */
	verdict: Readonly<Record<Asked, string>>;
	whoAnswers(name: string): string;
	contact(contact: string | null): string;
	child(name: string): string;
}

/** What is answered by rule, in the language that a message is in. A child is spoken to as a child. */
export const TEXTS: Readonly<Record<Language, Texts>> = {
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
	fr: {
		verdict: { person: "Non. ", machine: "Oui. ", either: "" },
		whoAnswers: (name) =>
			`Vous écrivez à l’assistant IA de ${name}\u00a0: un programme automatique, pas une personne, et personne ne suit ce chat en direct.`,
		contact: (contact) =>
			contact === null
				? "Pour joindre une personne, utilisez les coordonnées indiquées sur ce site."
				: `Pour joindre une personne\u00a0: ${contact}`,
		child: (name) =>
			`Merci de me l’avoir dit. Ce chat est réservé aux adultes\u00a0: demande à un adulte, comme ta mère ou ton père, d’écrire ici ou d’appeler ${name} pour toi. Si tu es blessé ou en danger, dis-le tout de suite à un adulte près de toi.`,
	},
	de: {
		verdict: { person: "Nein. ", machine: "Ja. ", either: "" },
		whoAnswers: (name) =>
			`Sie schreiben mit dem KI-Assistenten von ${name}: einem automatischen Programm, keinem Menschen, und niemand liest diesen Chat live mit.`,
		contact: (contact) =>
			contact === null
				? "Einen Menschen erreichen Sie über die Kontaktdaten auf dieser Website."
				: `So erreichen Sie einen Menschen: ${contact}`,
		child: (name) =>
			`Danke, dass du mir das sagst. Dieser Chat ist für Erwachsene: Bitte eine erwachsene Person, zum Beispiel deine Mutter oder deinen Vater, hier zu schreiben oder für dich bei ${name} anzurufen. Wenn du verletzt oder in Gefahr bist, sag es sofort einem Erwachsenen in deiner Nähe.`,
	},
	pt: {
		verdict: { person: "Não. ", machine: "Sim. ", either: "" },
		whoAnswers: (name) =>
			`Você está escrevendo com o assistente de IA de ${name}: um programa automático, não uma pessoa, e ninguém acompanha este chat ao vivo.`,
		contact: (contact) =>
			contact === null
				? "Para falar com uma pessoa, use os dados de contato deste site."
				: `Para falar com uma pessoa: ${contact}`,
		child: (name) =>
			`Obrigado por me contar. Este chat é para adultos: por favor, peça a um adulto, como sua mãe ou seu pai, que escreva aqui ou ligue para ${name} por você. Se você se machucou ou está em perigo, conte agora mesmo a um adulto que esteja por perto.`,
	},
	it: {
		verdict: { person: "No. ", machine: "Sì. ", either: "" },
		whoAnswers: (name) =>
			`Sta scrivendo all’assistente IA di ${name}: un programma automatico, non una persona, e nessuno segue questa chat dal vivo.`,
		contact: (contact) =>
			contact === null
				? "Per parlare con una persona, usi i contatti indicati su questo sito."
				: `Per parlare con una persona: ${contact}`,
		child: (name) =>
			`Grazie per avermelo detto. Questa chat è per gli adulti: chiedi a un adulto, come la mamma o il papà, di scrivere qui o di chiamare ${name} per te. Se ti sei fatto male o sei in pericolo, dillo subito a un adulto vicino a te.`,
	},
	nl: {
		verdict: { person: "Nee. ", machine: "Ja. ", either: "" },
		whoAnswers: (name) =>
			`U schrijft met de AI-assistent van ${name}: een automatisch programma, geen mens, en niemand leest deze chat live mee.`,
		contact: (contact) =>
			contact === null
				? "Een mens bereikt u via de contactgegevens op deze website."
				: `Zo bereikt u een mens: ${contact}`,
		child: (name) =>
			`Dank je dat je dat vertelt. Deze chat is voor volwassenen: vraag een volwassene, zoals je moeder of vader, om hier te schrijven of voor jou naar ${name} te bellen. Ben je gewond of in gevaar, vertel het dan meteen aan een volwassene bij jou in de buurt.`,
	},
	pl: {
		verdict: { person: "Nie. ", machine: "Tak. ", either: "" },
		whoAnswers: (name) =>
			`To asystent AI (${name}): automatyczny program, a nie człowiek, i nikt nie śledzi tego czatu na żywo.`,
		contact: (contact) =>
			contact === null
				? "Aby skontaktować się z człowiekiem, prosimy skorzystać z danych kontaktowych na tej stronie."
				: `Kontakt z człowiekiem: ${contact}`,
		child: (name) =>
			`Dziękuję, że mi to mówisz. Ten czat jest dla dorosłych: poproś kogoś dorosłego, na przykład mamę lub tatę, aby tu napisał albo zadzwonił za ciebie (${name}). Jeśli coś ci się stało lub grozi ci niebezpieczeństwo, od razu powiedz o tym komuś dorosłemu w pobliżu.`,
	},
	zh: {
		verdict: { person: "不是。", machine: "是的。", either: "" },
		whoAnswers: (name) => `您正在与${name}的 AI 助手对话：这是一个自动程序，不是真人，也没有人实时查看此聊天。`,
		contact: (contact) => (contact === null ? "如需联系真人，请使用本网站上的联系方式。" : `如需联系真人：${contact}`),
		child: (name) =>
			`谢谢你告诉我。这个聊天是给大人用的，请让爸爸妈妈等大人来这里写，或者替你给${name}打电话。如果你受伤了或有危险，请马上告诉身边的大人。`,
	},
	ar: {
		verdict: { person: "لا. ", machine: "نعم. ", either: "" },
		whoAnswers: (name) =>
			`أنت تكتب إلى مساعد الذكاء الاصطناعي لدى \u2068${name}\u2069: برنامج آلي وليس شخصًا، ولا أحد يتابع هذه الدردشة مباشرةً.`,
		contact: (contact) =>
			contact === null
				? "للتواصل مع شخص، يُرجى استخدام بيانات الاتصال في هذا الموقع."
				: `للتواصل مع شخص: \u2068${contact}\u2069`,
		child: (name) =>
			`شكرًا لأنك أخبرتني. هذه الدردشة للكبار، لذا اطلب من شخص كبير، مثل والدتك أو والدك، أن يكتب هنا أو أن يتصل بـ \u2068${name}\u2069 نيابةً عنك. وإذا كنت مصابًا أو في خطر فأخبر شخصًا كبيرًا بالقرب منك فورًا.`,
	},
};
