import type { Rule } from "../rules.ts";

/** What a tooth or a jaw is struck by. */
const STRUCK = [
	"golpe golpes golpeo caida cayo cai bicicleta bici patineta pelota balon futbol jugando accidente codazo pelea choque choco puno escalera columpio pego pegaron",
].flatMap((words) => words.split(" "));

/** What cannot wait for an appointment, though no life hangs on it yet. */
export const DENTAL_ES: readonly Rule[] = [
	{
		class: "dental_emergency",
		not: ["past", "earlier", "habit"],
		only: STRUCK,
		unless: ["leche", "mueve"],
		phrases: [
			"se me|le|nos cayo|salio|boto|tumbo|volo|zafo|arranco *1 un|el|dos|los|mi|su *2 <diente>",
			"se tumbo|boto|saco|arranco|volo|zafo un|el|dos|los|su *2 <diente>",
			"le|me tumbaron|volaron|sacaron|botaron un|el|dos|los *2 <diente>",
			"perdio|perdi un|el|dos *2 <diente>",
			"<diente> *2 se me|le? cayo|salio|metio|hundio",
		],
	},
	{
		class: "dental_emergency",
		not: ["past", "earlier", "habit"],
		phrases: [
			"se me|le? rompio|quebro|fracturo|disloco|zafo|trabo *1 la? mandibula|quijada",
			"mandibula|quijada <rota>",
			"me|se rompi|quebre|fracture|disloque|rompio|fracturo la mandibula|quijada",
			"se me|le trabo|traba|quedo la mandibula|quijada|boca abierta|trabada|cerrada?",
			"me|se trague|trago *2 corona|puente|protesis|retenedor|bracket|empaste|pieza|placa|dentadura|funda",
		],
	},
	{
		class: "dental_emergency",
		not: ["past", "habit"],
		unless: ["poco", "poquito", "ligera", "leve", "encias", "cepillo", "cepillarme", "hilo"],
		phrases: [
			"<hinchado> *6 <fiebre>",
			"<fiebre> *7 <hinchado>|absceso",
			"absceso|infeccion *6 <fiebre>",
			"<fiebre> *5 muela|diente",
			"<hinchado> *5 ojo|cuello|garganta|tragar",
			"hinchazon|infeccion|absceso *4 extendiendo|extiende|pasando|bajando|subiendo|llegando *3 ojo|cuello|garganta|cara",
			"cara|ojo|cuello *3 <hinchado> *4 muela|diente|absceso|infeccion",
			"muela|diente|infeccion *6 cara|ojo|cuello *3 <hinchado>",
			"sangro|sangrando|sangra|sangre *6 horas|hora",
			"horas|hora *7 sangro|sangrando|sangra|sangre",
			"no puedo|puede abrir la boca *5 <hinchado>|golpe|fiebre",
		],
	},
	{
		class: "dental_emergency",
		tier: 2,
		not: ["past", "habit"],
		phrases: [
			"si se me|le cae|sale|rompe|zafa *2 <diente> *2 permanente|adulto|golpe|caida",
			"si *5 <diente> permanente",
			"cuanto *3 sangrar|sangrado|sangrando|sangra",
			"cara|mejilla|cachete|mandibula|ojo *2 <hinchado>",
			"<hinchado> *2 cara|mejilla|cachete|mandibula|cuello",
		],
	},
];
