import type { Wording } from "./wording.ts";

/** As `WORDING_EN`. */
export const WORDING_ES: Wording = {
	version: "2026-11-29",
	texts: {
		self_harm: ({ emergency, crisis }) =>
			`Gracias por decirlo. No tiene que pasar por esto a solas. Por favor, hable ahora con una persona: ${crisis}. Si está en peligro ahora mismo o ya se hizo daño, llame al ${emergency}. Este es un asistente automático y nadie está leyendo este chat en vivo. Puede seguir escribiendo aquí si lo desea.`,
		medical_emergency: ({ emergency }) =>
			`Esto parece una emergencia. Llame al ${emergency} ahora mismo o vaya a la sala de emergencias más cercana. No espere una respuesta aquí: este es un asistente automático y nadie está leyendo este chat en vivo. Quien conteste le dirá qué hacer hasta que llegue la ayuda.`,
		poisoning: ({ emergency, crisis, poison }) =>
			`Esto puede ser una emergencia aunque todavía no se note nada. Para saber qué hacer ahora mismo, ${poison}. Llame al ${emergency} de inmediato si alguien se desplomó, respira con dificultad o no despierta, o si no fue un accidente. Si hay pensamientos de suicidio, no tiene que pasar por esto a solas: ${crisis}. Este es un asistente automático y nadie está leyendo este chat en vivo. Puede seguir escribiendo aquí, pero por favor llame primero.`,
		abuse: ({ emergency, abuse }) =>
			`Lamento que esté pasando por esto. No es su culpa, y merece estar a salvo. Si está en peligro ahora, llame al ${emergency}. Para hablar con una persona, a cualquier hora, ${abuse}. Este es un asistente automático y nadie está leyendo este chat en vivo. Puede seguir escribiendo aquí si es seguro hacerlo.`,
		dental_emergency: ({ emergency, practice }) =>
			`Esto parece una emergencia dental. Por favor, llame ahora al consultorio${practice} en vez de esperar una respuesta aquí. Llame al ${emergency} o vaya a la sala de emergencias más cercana si cuesta respirar o tragar, si la hinchazón llega al ojo o al cuello, si el sangrado no para tras 30 minutos de presión firme, o después de un golpe fuerte en la cabeza. Un diente permanente que se salió: sosténgalo por la corona, guárdelo en leche y acuda antes de una hora. Un diente de leche no se vuelve a colocar. Este es un asistente automático y nadie está leyendo este chat en vivo.`,
	},
	lines: {
		self_harm: ({ emergency, crisis }) =>
			`Si usted o alguien que conoce piensa en el suicidio o en hacerse daño, hay una persona con quien hablar: ${crisis}. En peligro ahora mismo, llame al ${emergency}.`,
		medical_emergency: ({ emergency }) =>
			`Si está pasando ahora o empeora, no espere una respuesta aquí: llame al ${emergency}.`,
		poisoning: ({ emergency, poison }) =>
			`Si alguien pudo haber tragado algo dañino, ${poison}. Si respira con dificultad o no despierta, llame al ${emergency}.`,
		abuse: ({ emergency, abuse }) =>
			`Si a usted o a alguien que conoce le están haciendo daño o no está a salvo, hay personas con quienes hablar, a cualquier hora: ${abuse}. En peligro ahora mismo, llame al ${emergency}.`,
		dental_emergency: ({ emergency, practice }) =>
			`Si está pasando ahora, por favor llame al consultorio${practice}. Si cuesta respirar o tragar, la hinchazón llega al ojo o al cuello, o el sangrado no para, llame al ${emergency}.`,
	},
	localNumber: "número de emergencias de su zona",
	poisonByEmergency: (emergency) => `llame al ${emergency}`,
	practiceAt: (number) => ` (${number})`,
	ownWords: (text, number) => `Del consultorio: ${[text, number].filter((part) => part !== null).join(" ")}`,
};
