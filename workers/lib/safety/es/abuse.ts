import type { Rule } from "../rules.ts";

/** Blows that nobody meant, or that were part of a game. */
const BY_CHANCE = [
	"accidente",
	"pelota",
	"balon",
	"jugando",
	"codo",
	"codazo",
	"carro",
	"futbol",
	"partido",
	"higienista",
	"dentista",
];

const ABUSER =
	"mi|nuestro|nuestra *2 papa|padre|padrastro|mama|madre|madrastra|esposo|esposa|marido|mujer|novio|novia|pareja|ex|tio|tia|hermano|hermanastro|primo|abuelo|maestro|profesor|entrenador|jefe|vecino|padres|cunado|suegro";

/** Violence by those whom one lives with, or who are trusted. */
export const ABUSE_ES: readonly Rule[] = [
	{
		class: "abuse",
		not: ["past"],
		unless: BY_CHANCE,
		phrases: [
			`${ABUSER} me|nos <pega>`,
			`${ABUSER} me|nos pego|golpeo|pateo|ahorco|violo|toco|ataco|abofeteo`,
			`${ABUSER} me|nos esta pegando|golpeando|violando|maltratando|abusando|tocando`,
			`${ABUSER} me|nos dio|da *2 golpe|golpes|punetazo|punetazos|bofetada|cachetada|patada|paliza`,
			`${ABUSER} abusa|abuso de mi|nosotros|nosotras`,
			"el|ella|alguien me|nos <pega> *2 y|cuando|si|porque|otra|todos|cada",
			"alguien *3 me pega|golpea|maltrata|toca|viola",
			"me toca y|donde|mis|ahi|las|el *2 miedo|partes|dice|digo|gusta|cuerpo",
			"me estan|estaban golpeando|maltratando|violando",
			"me violaron|golpearon|violo",
			"me maltratan|golpean|pegan en|mi|mis|todos",
			"soy victima|sobreviviente de",
			"sufro violencia|abuso|maltrato",
			"estan|esta abusando|maltratando de|a? mi|me?",
			"miedo *1 volver|regresar|ir|estar a|en? *1 casa",
			"miedo de|a mi esposo|marido|novio|pareja|papa|padre|padrastro",
			"no estoy segura|seguro|a salvo? en *1 casa",
		],
	},
	{
		class: "abuse",
		tier: 2,
		unless: BY_CHANCE,
		phrases: [
			"me pegaba|golpeaba|maltrataba|violaba|tocaba",
			"la|lo|le|los|las maltrata|maltratan|golpea|golpean|viola|abusan|abusa",
			"le|les pega|pegan $|y|a|en|todos|cuando",
			"<pega> a mi|su|sus|la|los|las|el *2 <pariente>",
			"maltratan|golpean|abusan|pegan|abusando|maltratando de|a *1 mi|su|un|una|el|la|los",
			"sospecho|sospechamos|denunciar|reportar|denuncio|reporto|victima *4 maltrato|abuso|abusan|maltratan|golpean",
			"fui|era abusado|abusada|maltratado|maltratada|victima|violada|violado",
			"abusaron|abusaban de mi",
			"violencia domestica|intrafamiliar",
		],
	},
];
