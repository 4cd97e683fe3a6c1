import type { Rule } from "../rules.ts";

const TOOK = "<who> have|has? took|taken|swallowed|ate|eaten|downed|drank|drunk|popped|swallow";
/** A child is not given it: it gets at it. */
const GOT_AT = "<child> *1 swallowed|ate|eaten|drank|drunk|chewed|downed|licked|ingested";

/** What was swallowed and must not have been. */
export const POISONING_EN: readonly Rule[] = [
	{
		class: "poisoning",
		not: ["past"],
		unless: [
			"mouthwash",
			"water",
			"toothpaste",
			"amoxicillin",
			"penicillin",
			"clindamycin",
			"antibiotic",
			"antibiotics",
		],
		phrases: [
			`${TOOK} <too-much> <drug>`,
			`${TOOK} all of? my|the|her|his <drug> at once`,
			`${TOOK} the|a whole|entire bottle`,
			`${TOOK} *2 bleach|drano|antifreeze|detergent|poison`,
			`${TOOK} a|the|two|my? *2 battery|batteries|magnets|pods`,
			"<who> have|has? overdosed|oded",
			"<who> am|is|are overdosing",
			"<who> have|has? took|taken an overdose",
			"^ took|swallowed|ate|drank <too-much> <drug>",
		],
	},
	{
		class: "poisoning",
		not: ["past", "habit"],
		phrases: [
			`${TOOK} *3 <toxin>`,
			`${TOOK} *2 <much> *3 <rinse>`,
			"<who> have|has? took|taken *2 double|triple *2 dose",
			"<who> got|get|gotten into *3 <drug>|medicine|cabinet|<toxin>|<rinse>",
			"<child> got|get|gotten|<be> into|in *3 <drug>|medicine|cabinet|<toxin> bottle?",
			`${GOT_AT} *6 <drug>|medicine|vitamins|<toxin>`,
			`${GOT_AT} a|the|some? *3 battery|batteries|magnet|magnets`,
			`${GOT_AT} <much> *3 <rinse>|<drug>`,
			"^ swallowed|drank|ate|ingested *3 <toxin>|battery",
			`${GOT_AT} *2 <rinse> *2 <all-of-it>`,
			`${TOOK} *2 <rinse> *2 <all-of-it>`,
			"<child> od|overdosed|overdosing",
			"took|ate|swallowed|drank *6 way over the|<the-dose>",
		],
	},
	{
		class: "poisoning",
		tier: 2,
		only: [
			"toxic",
			"poisonous",
			"poison",
			"poisoned",
			"poisoning",
			"dangerous",
			"harmful",
			"overdose",
			"lethal",
			"fatal",
		],
		phrases: [
			"swallow|swallows|swallowed|swallowing|eat|eats|ate|eating|drink|drinks|drank|drinking|ingest|ingested|ingesting *4 <rinse>|<drug>|<toxin>",
			"<rinse>|<drug>|<toxin> *4 swallow|swallows|swallowed|swallowing|eat|eats|ate|eaten|drink|drinks|drank|ingested",
			"how much|many *4 is|are|would|be *3 toxic|poisonous|dangerous|lethal|fatal|overdose",
			"a|the? lethal|fatal|toxic dose|dosage|amount",
		],
	},
	{
		class: "poisoning",
		tier: 2,
		not: ["past"],
		phrases: [
			"if|when <child> swallows|swallow|eats|drinks|ate|swallowed <much> *3 <rinse>|<drug>|<toxin>",
			"<child> swallowed|ate|drank *5 <rinse> *1 yesterday|last",
			"poison control",
			"mixed up my|his|her meds|pills|medication|medications|medicine|medicines|doses",
			"how much|many *2 <drug> is|are too much|many",
			"too much|many *1 <drug> for *3 kid|child|baby|toddler|pound|lb|lbs|old",
			"kid|kids|child|children|baby|babies|toddler|toddlers overdose|od on *2 <drug>|<rinse>|<toxin>",
			`${GOT_AT} some|the|my|our? mouthwash|listerine`,
		],
	},
	{
		// What is over may still weigh on somebody.
		class: "poisoning",
		tier: 2,
		phrases: ["<them>|<who> overdosed on|from|of|again|last|a|in", "<them>|<who> have|has|had? overdosed $"],
	},
];
