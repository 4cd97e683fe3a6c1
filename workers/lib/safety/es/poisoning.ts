import type { Rule } from "../rules.ts";

/** Without accents `tomo` is both what somebody took and what the writer takes every day: only with `se` is it the former. */
const TOMO = [
	"me tome|trague|comi",
	"tome|trague|comi",
	"se tomo|trago|comio|bebio|tomaron",
	"me|se he|ha tomado|tragado|comido",
	"acabo|acaba|acaban de tomar|tomarme|tomarse|tragar|tragarme|tragarse|comer|comerme|comerse",
];

/** What was swallowed and must not have been. */
export const POISONING_ES: readonly Rule[] = [
	{
		class: "poisoning",
		not: ["past"],
		unless: ["recetaron", "receto", "recetadas", "recetado", "antibiotico", "antibioticos", "agua"],
		phrases: [
			...TOMO.flatMap((tomo) => [
				`${tomo} <demasiado>`,
				`${tomo} todo el|un frasco|bote entero?|completo?`,
				`${tomo} *1 cloro|lejia|veneno|detergente|anticongelante`,
				`${tomo} una|unas|la|las|dos|mi *1 pila|pilas|bateria|baterias|imanes`,
			]),
			"me tome muchas|muchisimas <pastillas>",
			"se tomo muchas|muchisimas <pastillas>",
			"me|se he|ha tomado muchas|muchisimas <pastillas>",
			"tome|trague|tomo|bebio|trago cloro|lejia|veneno",
			"tome|tuve|tengo|tomo|tiene una sobredosis",
			"me|le dio|di|esta una? sobredosis",
		],
	},
	{
		class: "poisoning",
		not: ["past", "habit"],
		unless: ["recetaron", "receto", "recetadas", "recetado", "antibiotico", "antibioticos"],
		phrases: [
			...TOMO.flatMap((tomo) => [
				`${tomo} *2 <toxico>`,
				`${tomo} <mucho> *3 <enjuague>`,
				`${tomo} *1 <enjuague> *2 entera|entero|completa|completo|toda|todo`,
				`${tomo} *3 por error|accidente|equivocacion`,
				`${tomo} demasiado|demasiada|demasiados|demasiadas`,
			]),
			"<nene> *1 se trago|comio|tomo|bebio|metio *4 <pastillas>|<toxico>|medicina|jarabe",
			"<nene> *1 trago|comio|bebio|tomo *4 <pastillas>|<toxico>",
			"<nene> *1 se trago|comio|tomo|bebio <mucho> *3 <enjuague>|jarabe|medicina",
			"se trago|comio|metio *2 pila|pilas|bateria|iman|imanes",
			"me|se intoxique|intoxico|intoxicando|envenene|enveneno",
		],
	},
	{
		class: "poisoning",
		tier: 2,
		only: [
			"toxico",
			"toxica",
			"venenoso",
			"venenosa",
			"veneno",
			"peligroso",
			"peligrosa",
			"sobredosis",
			"mortal",
			"letal",
		],
		phrases: [
			"traga|tragar|tragarse|trago|come|comer|comerse|comio|toma|tomar|tomarse|tomo|bebe|beber|bebio *4 <enjuague>|<pastillas>|<toxico>",
			"cuanto|cuanta|cuantos|cuantas *3 es|son|seria *2 toxico|toxica|peligroso|peligrosa|mortal|sobredosis",
			"dosis mortal|letal|toxica",
		],
	},
];
