import type { CallWords } from "./words.ts";

/** Spanish. */
export const words: CallWords = {
	title: "Conversación por voz",
	told: "Hablará con un asistente de IA de {name}, no con una persona, y no recibirá consejos médicos. Su voz y lo que se diga se envían a ElevenLabs, que los procesa y puede conservarlos. No comparta datos privados de salud. En una emergencia, llame al número de emergencias de su zona.",
	privacy: "Privacidad",
	start: "Empezar a hablar",
	notNow: "Ahora no",
	again: "Hablar de nuevo",
	back: "Volver al chat",
	connecting: "Conectando…",
	listening: "Escuchando",
	speaking: "Hablando",
	mute: "Silenciar",
	end: "Terminar la conversación",
	duration: "Duración",
	lines: "Lo que se dice",
	you: "Usted:",
	assistant: "Asistente:",
	ended: "La conversación ha terminado.",
	timeOver: "La conversación ha alcanzado su duración máxima y ha terminado.",
	cut: "Lo sentimos, se perdió la conexión. Puede hablar de nuevo o escribir.",
	refused:
		"No se puede usar el micrófono aquí. No pasa nada: puede escribir, o permitirlo en los ajustes de su navegador.",
	noMicrophone: "No se encontró ningún micrófono. No pasa nada: puede escribir.",
	insecure:
		"Esta página no tiene una conexión segura (https), por lo que no se puede usar el micrófono. Puede escribir.",
	notHere: "En este momento no se puede hablar por voz con este asistente. Puede escribir.",
	busy: "Lo sentimos, no ha funcionado. Inténtelo de nuevo dentro de un momento o escriba.",
	taken:
		"Todas las plazas para hablar están ocupadas. Habrá una libre a las {time} como muy tarde. Mientras tanto puede escribir.",
	limit: "Las conversaciones han alcanzado su límite por ahora. Puede escribir.",
	offline: "Parece que no tiene conexión. Compruébela e inténtelo de nuevo.",
	agreeFirst: "Vuelva al chat, lea el aviso y acéptelo primero, por favor.",
};
