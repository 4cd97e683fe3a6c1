import { CONFIG_DEFAULTS } from "../site/config-defaults.ts";
import type { Language } from "./languages.ts";

/** What a bot says by itself where its org has set nothing. */
interface BuiltIn {
	greeting: string;
	/** As an answer, when the model gives none or a blocked one. */
	fallbackMessage: string;
	/** As an error, when the plan's messages are used up. */
	limitMessage: string;
}

const TEXTS: Readonly<Record<Language, BuiltIn>> = {
	en: {
		greeting: CONFIG_DEFAULTS.greeting,
		fallbackMessage: CONFIG_DEFAULTS.fallback_message,
		limitMessage: CONFIG_DEFAULTS.limit_message,
	},
	es: {
		greeting: "¡Hola! ¿En qué puedo ayudarle hoy?",
		fallbackMessage: "Lo siento, no puedo responder a eso. Póngase en contacto con nosotros directamente.",
		limitMessage: "Este asistente ha alcanzado su límite por ahora. Póngase en contacto con nosotros directamente.",
	},
	fr: {
		greeting: "Bonjour\u00a0! Comment puis-je vous aider aujourd’hui\u00a0?",
		fallbackMessage: "Désolé, je ne peux pas répondre à cette question. Veuillez nous contacter directement.",
		limitMessage: "Cet assistant a atteint sa limite pour le moment. Veuillez nous contacter directement.",
	},
	de: {
		greeting: "Guten Tag! Wie kann ich Ihnen helfen?",
		fallbackMessage: "Das kann ich leider nicht beantworten. Bitte wenden Sie sich direkt an uns.",
		limitMessage: "Dieser Assistent hat im Moment sein Limit erreicht. Bitte wenden Sie sich direkt an uns.",
	},
	pt: {
		greeting: "Olá! Como posso ajudar hoje?",
		fallbackMessage: "Lamento, não posso responder a isso. Por favor, entre em contato conosco diretamente.",
		limitMessage: "Este assistente atingiu o limite por enquanto. Por favor, entre em contato conosco diretamente.",
	},
	it: {
		greeting: "Buongiorno! Come posso aiutarla oggi?",
		fallbackMessage: "Mi dispiace, non posso rispondere a questa domanda. La preghiamo di contattarci direttamente.",
		limitMessage:
			"Per il momento questo assistente ha raggiunto il suo limite. La preghiamo di contattarci direttamente.",
	},
	nl: {
		greeting: "Goedendag! Waarmee kan ik u helpen?",
		fallbackMessage: "Het spijt me, daar kan ik geen antwoord op geven. Neem rechtstreeks contact met ons op.",
		limitMessage: "Deze assistent heeft voorlopig zijn limiet bereikt. Neem rechtstreeks contact met ons op.",
	},
	pl: {
		greeting: "Dzień dobry! W czym mogę pomóc?",
		fallbackMessage: "Przepraszam, nie mogę na to odpowiedzieć. Prosimy o bezpośredni kontakt z nami.",
		limitMessage: "Ten asystent wyczerpał na razie swój limit. Prosimy o bezpośredni kontakt z nami.",
	},
	zh: {
		greeting: "您好！请问有什么可以帮您？",
		fallbackMessage: "很抱歉，我无法回答这个问题。请直接与我们联系。",
		limitMessage: "本助手目前已达到使用上限。请直接与我们联系。",
	},
	ar: {
		greeting: "مرحبًا! كيف يمكنني مساعدتك اليوم؟",
		fallbackMessage: "عذرًا، لا يمكنني الإجابة عن ذلك. يُرجى التواصل معنا مباشرةً.",
		limitMessage: "بلغ هذا المساعد حدّه الأقصى في الوقت الحالي. يُرجى التواصل معنا مباشرةً.",
	},
};

/** The texts of a language. */
export function builtIn(language: Language): BuiltIn {
	return TEXTS[language];
}
