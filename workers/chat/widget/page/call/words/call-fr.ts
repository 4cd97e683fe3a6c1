import type { CallWords } from "./words.ts";

/** French. */
export const words: CallWords = {
	title: "Conversation vocale",
	told: "Vous parlerez avec un assistant IA de {name}, pas avec une personne, et ne recevrez pas de conseil médical. Votre voix et ce qui est dit sont envoyés à ElevenLabs, qui les traite et peut les conserver. Ne communiquez pas de données de santé privées. En cas d’urgence, appelez le numéro d’urgence local.",
	privacy: "Confidentialité",
	start: "Commencer à parler",
	notNow: "Pas maintenant",
	again: "Parler à nouveau",
	back: "Retour au chat",
	connecting: "Connexion…",
	listening: "À l’écoute",
	speaking: "Parle",
	mute: "Couper le micro",
	end: "Terminer la conversation",
	duration: "Durée",
	lines: "Ce qui est dit",
	you: "Vous\u00a0:",
	assistant: "Assistant\u00a0:",
	ended: "La conversation est terminée.",
	timeOver: "La conversation a atteint sa durée maximale et s’est terminée.",
	cut: "Désolé, la connexion a été perdue. Vous pouvez parler à nouveau ou écrire.",
	refused:
		"Le micro ne peut pas être utilisé ici. Ce n’est pas grave\u00a0: vous pouvez écrire, ou l’autoriser dans les réglages de votre navigateur.",
	noMicrophone: "Aucun micro n’a été trouvé. Ce n’est pas grave\u00a0: vous pouvez écrire.",
	insecure:
		"Cette page n’a pas de connexion sécurisée (https), le micro ne peut donc pas être utilisé. Vous pouvez écrire.",
	notHere: "Il n’est pas possible de parler avec cet assistant pour le moment. Vous pouvez écrire.",
	busy: "Désolé, cela n’a pas fonctionné. Réessayez dans un instant ou écrivez.",
	taken:
		"Toutes les places pour parler sont prises. Une se libère à {time} au plus tard. En attendant, vous pouvez écrire.",
	limit: "Les conversations ont atteint leur limite pour le moment. Vous pouvez écrire.",
	offline: "Vous semblez être hors ligne. Vérifiez votre connexion et réessayez.",
	agreeFirst: "Revenez au chat, lisez l’avis et acceptez-le d’abord, s’il vous plaît.",
};
