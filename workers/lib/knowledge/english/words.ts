/** English words that say nothing of what a text is about, and what is left of "don't" and the like once it is split. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
	`a about after again all also am an and any anybody anyone anything are aren as at be been before being but by can cannot cant could
	couldn did didn do does doesn doing don done dont else ever every for from get gets getting give go goes going got guys had hadn has
	hasn have haven having he hello her here hers hey hi him his how i if im in into is isn it its just kindly know let ll may me might
	more most much must my need no not now of off ok okay on one only or our ours out over please possible quite re really say shall she
	should shouldn so some somebody someone something such sure tell than thank thanks that the their theirs them then there these they
	thing things this those to too up us use used using ve very want was wasn way we were weren what whats when where whether which while
	who whom whose why will with won would wouldn yes you your yours`.split(/\s+/),
);

/** Forms that no suffix tells, as verb or noun followed by them. */
const FORMS = `
	child children, tooth teeth, foot feet, person people, man men, woman women, wife wives, life lives, knife knives, half halves
	begin began begun, break broke broken, bring brought, buy bought, choose chose chosen, come came, drive drove driven, eat ate eaten
	fall fell fallen, feel felt, find found, forget forgot forgotten, freeze froze frozen, hold held, keep kept, lose lost, leave left
	make made, mean meant, meet met, pay paid, send sent, sell sold, see saw seen, sleep slept, speak spoke spoken, spend spent, steal stole stolen
	take took taken, teach taught, think thought, understand understood, wake woke, wear wore worn, write wrote written
`;

/** The base form of each irregular one: `child` of `children`. */
export const IRREGULAR_FORMS: ReadonlyMap<string, string> = new Map(
	FORMS.trim()
		.split(/[,\n]/)
		.flatMap((line) => {
			const [base = "", ...forms] = line.trim().split(" ");
			return forms.map((form): [string, string] => [form, base]);
		}),
);
