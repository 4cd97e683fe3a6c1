import type { CallWords } from "./words.ts";

/** German. */
export const words: CallWords = {
	title: "Gespräch",
	told: "Sie sprechen mit einem KI-Assistenten von {name}, nicht mit einem Menschen, und erhalten keinen medizinischen Rat. Ihre Stimme und das Gesagte gehen an ElevenLabs, das sie verarbeitet und aufbewahren kann. Bitte nennen Sie keine privaten Gesundheitsdaten. Im Notfall rufen Sie die örtliche Notrufnummer an.",
	privacy: "Datenschutz",
	start: "Gespräch beginnen",
	notNow: "Jetzt nicht",
	again: "Noch einmal sprechen",
	back: "Zurück zum Chat",
	connecting: "Verbindung wird hergestellt…",
	listening: "Hört zu",
	speaking: "Spricht",
	mute: "Stummschalten",
	end: "Gespräch beenden",
	duration: "Dauer",
	lines: "Was gesagt wird",
	you: "Sie:",
	assistant: "Assistent:",
	ended: "Das Gespräch ist beendet.",
	timeOver: "Das Gespräch hat seine längste Dauer erreicht und ist beendet.",
	cut: "Die Verbindung ist leider abgebrochen. Sie können noch einmal sprechen oder schreiben.",
	refused:
		"Das Mikrofon kann hier nicht benutzt werden. Das macht nichts: Sie können schreiben oder es in den Einstellungen Ihres Browsers erlauben.",
	noMicrophone: "Es wurde kein Mikrofon gefunden. Das macht nichts: Sie können schreiben.",
	insecure:
		"Diese Seite hat keine sichere Verbindung (https), darum kann das Mikrofon nicht benutzt werden. Sie können schreiben.",
	notHere: "Mit diesem Assistenten kann man im Moment nicht sprechen. Sie können schreiben.",
	busy: "Das hat gerade leider nicht geklappt. Bitte versuchen Sie es gleich noch einmal oder schreiben Sie.",
	taken:
		"Alle Plätze zum Sprechen sind gerade belegt. Spätestens um {time} wird einer frei. Bis dahin können Sie schreiben.",
	limit: "Die Gespräche haben im Moment ihr Limit erreicht. Sie können schreiben.",
	offline: "Sie scheinen offline zu sein. Bitte prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.",
	agreeFirst: "Bitte gehen Sie zurück, lesen Sie den Hinweis im Chat und stimmen Sie ihm zuerst zu.",
};
