/** What a sample customer's website says. It agrees with what its chat has been given to read. */
export interface SiteContent {
	name: string;
	/** Its looks. */
	kind: "dental" | "forms";
	title: string;
	lead: string;
	action: string;
	services: readonly (readonly [title: string, text: string])[];
	facts: readonly (readonly [term: string, text: string])[];
	hours: string;
	address: string;
}

const PANNU: SiteContent = {
	name: "Pannu Dental",
	kind: "dental",
	title: "Gentle dentistry, next to the library",
	lead: "Check-ups, fillings, crowns and whitening for the whole family. New patients are welcome.",
	action: "Book a visit",
	services: [
		["Check-ups and cleaning", "Every six months, about 45 minutes, by people who explain each step."],
		["Crowns and fillings", "Repairs that last, in the colour of your teeth."],
		["Whitening", "In one visit of about an hour, once a check-up has shown what suits you."],
		["Children", "From their first tooth on. Mornings work best for a first visit."],
	],
	facts: [
		["Opening hours", "Monday to Friday 8 am to 5 pm, Saturday 9 am to 1 pm"],
		["Where", "12 Orchard Street, next to the library. Bus 7 stops in front of the door."],
		["Call", "555-0123"],
	],
	hours: "Monday to Friday 8 am to 5 pm · Saturday 9 am to 1 pm",
	address: "12 Orchard Street · 555-0123",
};

const CHADIS: SiteContent = {
	name: "CHADIS",
	kind: "forms",
	title: "Know how a child is doing before the visit begins",
	lead: "Families answer a short questionnaire at home. The clinic has the result when the door opens.",
	action: "How it works",
	services: [
		["Online questionnaires", "On a phone, a tablet or a computer. There is nothing to install."],
		["At your own pace", "Stop at any time and go on later: answers are kept as you give them."],
		["In English and Spanish", "Choose the language at the top of the first page."],
		["For families, free", "The clinic has the subscription."],
	],
	facts: [
		["How long", "Five to fifteen minutes for most questionnaires"],
		["Who sees it", "Only the clinic that asked you, and people you share it with"],
		["Call", "555-0142, Monday to Friday, 9 am to 5 pm Eastern Time"],
	],
	hours: "Help: Monday to Friday, 9 am to 5 pm Eastern Time",
	address: "555-0142",
};

/** By the customer's slug. */
export const SITES: ReadonlyMap<string, SiteContent> = new Map([
	["pannu-dental", PANNU],
	["chadis", CHADIS],
]);
