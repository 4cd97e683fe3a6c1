/** Whom somebody in danger reaches in a country. Each but the first is a part of a sentence, by language. */
export interface Numbers {
	/** Of every emergency service; null = as many countries, as many numbers. */
	emergency: string | null;
	/** How somebody who thinks of suicide, or worries about somebody who does, reaches a person. */
	crisis: InEach;
	/** How somebody is told what to do about a poison; null = by the emergency service. */
	poison: InEach | null;
	/** How somebody who is hurt by others, or knows of it, reaches a person. */
	abuse: InEach;
}

interface InEach {
	en: string;
	es: string;
}

/** Day of the last change; the numbers are to be looked up again once a year. */
export const NUMBERS_VERSION = "2026-11-29";

/** It finds the lines of every country, for suicide and for violence. */
const ANYWHERE: InEach = {
	en: "find a helpline near you at [findahelpline.com](https://findahelpline.com)",
	es: "busque una línea de ayuda de su país en [findahelpline.com](https://findahelpline.com)",
};

const ELSEWHERE: Numbers = { emergency: null, crisis: ANYWHERE, poison: null, abuse: ANYWHERE };
/** 112 works in all of the European Union. */
const EUROPE: Numbers = { ...ELSEWHERE, emergency: "112" };
const UNION = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK";

/** By ISO 3166-1 alpha-2. Sources: 988lifeline.org, poisonhelp.hrsa.gov, childhelp.org, thehotline.org, samaritans.org, 988.ca. */
const COUNTRIES: ReadonlyMap<string, Numbers> = new Map([
	...UNION.split(" ").map((code): [string, Numbers] => [code, EUROPE]),
	[
		"US",
		{
			emergency: "911",
			crisis: {
				en: "call [988](tel:988) or text [988](sms:988) (Suicide & Crisis Lifeline, free, 24 hours a day)",
				es: "llame al [988](tel:988) y oprima el 2, o envíe la palabra AYUDA por mensaje de texto al [988](sms:988) (Línea de Prevención del Suicidio y Crisis, gratis, las 24 horas)",
			},
			poison: {
				en: "call Poison Help at [1-800-222-1222](tel:+18002221222) (free, 24 hours a day)",
				es: "llame a Poison Help al [1-800-222-1222](tel:+18002221222) (gratis, las 24 horas, con intérpretes)",
			},
			abuse: {
				en: "call Childhelp at [1-800-422-4453](tel:+18004224453) about a child, or the National Domestic Violence Hotline at [1-800-799-7233](tel:+18007997233)",
				es: "llame a Childhelp al [1-800-422-4453](tel:+18004224453) si se trata de un menor, o a la Línea Nacional contra la Violencia Doméstica al [1-800-799-7233](tel:+18007997233)",
			},
		},
	],
	[
		"CA",
		{
			...ELSEWHERE,
			emergency: "911",
			crisis: {
				en: "call [9-8-8](tel:988) or text [9-8-8](sms:988) (Suicide Crisis Helpline, free, 24 hours a day)",
				es: "llame o envíe un mensaje de texto al [9-8-8](tel:988) (gratis, las 24 horas, en inglés y francés)",
			},
		},
	],
	[
		"GB",
		{
			...ELSEWHERE,
			emergency: "999",
			crisis: {
				en: "call Samaritans at [116 123](tel:116123) (free, 24 hours a day)",
				es: "llame a Samaritans al [116 123](tel:116123) (gratis, las 24 horas, en inglés)",
			},
			poison: { en: "call NHS [111](tel:111)", es: "llame al [111](tel:111) del NHS" },
		},
	],
]);

/** @param country ISO 3166-1 alpha-2; of one that is not listed, what holds anywhere */
export function numbersOf(country: string): Numbers {
	return COUNTRIES.get(country) ?? ELSEWHERE;
}
