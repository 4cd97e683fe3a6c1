import type { CallWords } from "./words.ts";

/** Italian. */
export const words: CallWords = {
	title: "Conversazione vocale",
	told: "Parlerà con un assistente IA di {name}, non con una persona, e non riceverà consigli medici. La sua voce e ciò che viene detto vanno a ElevenLabs, che li elabora e può conservarli. Non comunichi dati sanitari privati. In caso di emergenza chiami il numero di emergenza locale.",
	privacy: "Privacy",
	start: "Inizi a parlare",
	notNow: "Non ora",
	again: "Parlare di nuovo",
	back: "Torna alla chat",
	connecting: "Connessione…",
	listening: "In ascolto",
	speaking: "Sta parlando",
	mute: "Disattiva il microfono",
	end: "Termina la conversazione",
	duration: "Durata",
	lines: "Ciò che viene detto",
	you: "Lei:",
	assistant: "Assistente:",
	ended: "La conversazione è terminata.",
	timeOver: "La conversazione ha raggiunto la durata massima ed è terminata.",
	cut: "Ci dispiace, la connessione è caduta. Può parlare di nuovo oppure scrivere.",
	refused:
		"Qui il microfono non si può usare. Non importa: può scrivere, oppure consentirlo nelle impostazioni del browser.",
	noMicrophone: "Non è stato trovato alcun microfono. Non importa: può scrivere.",
	insecure: "Questa pagina non ha una connessione sicura (https), perciò il microfono non si può usare. Può scrivere.",
	notHere: "Al momento non è possibile parlare con questo assistente. Può scrivere.",
	busy: "Ci dispiace, non ha funzionato. Riprovi tra un momento oppure scriva.",
	taken: "Tutti i posti per parlare sono occupati. Uno si libera alle {time} al più tardi. Intanto può scrivere.",
	limit: "Le conversazioni hanno raggiunto per ora il loro limite. Può scrivere.",
	offline: "Sembra che non ci sia connessione. La controlli e riprovi.",
	agreeFirst: "Torni alla chat, legga l’avviso e prima lo accetti, per favore.",
};
