import type { Groups } from "../rules.ts";

/** What somebody may have swallowed, and how much of it. */
export const SUBSTANCES_EN: Groups = {
	drug: [
		"pills|pill|tablets|capsules|caps|meds|medication|medications|painkillers|gummies",
		"tylenol|nyquil|dayquil|acetaminophen|paracetamol|ibuprofen|advil|motrin|aleve|naproxen|aspirin|benadryl|melatonin",
		"xanax|oxycodone|oxy|percocet|vicodin|hydrocodone|tramadol|ambien|zoloft|prozac|lexapro|antidepressants|opioids",
		"sleeping|pain|anxiety|blood|heart|my|her|his|the|of? pills|meds|medicine|tablets",
	],
	"too-much": [
		"like|about|over? a|an|the|this|half|his|her|my *2 bottle|bottles|box|pack|packet|handful|fistful of? my|her|his|the|of?",
		"two|2|3|three bottles of",
		"whole|entire bottle of",
		"handfuls|tons|loads|lots of? my?",
		"a bunch|load|ton of? my?",
		"way? too many|much of? my?",
		"like|about|around|over? #10 of? my?",
		"twenty|thirty|forty|fifty|sixty|hundred of? my?",
		"all of? my|the|her|his sleeping|anxiety|pain|blood|heart",
	],
	toxin: [
		"bleach|drano|antifreeze|detergent|poison|peroxide|gasoline|kerosene|ammonia|windex|lysol|turpentine|acetone|pesticide|insecticide",
		"chlorine|sanitizer|mercury|superglue|lye|methanol|perfume",
		"cleaning|cleaner|lighter|rat|ant|bug|toilet|oven|drain fluid|spray|poison|bait|cleaner|product|products",
		"laundry|dishwasher|detergent|button|battery|tide pod|pods|tablet|tablets|acid",
		"nail polish remover?",
		"denture|retainer|aligner cleaner|cleaning|cleanser|cleansing|soaking tablet|tablets|solution|liquid?",
		"denture|retainer tablet|tablets|cleaner|cleanser",
		"efferdent|polident|steradent",
		"essential oil|oils",
		"hydrogen peroxide",
	],
	rinse: [
		"toothpaste|mouthwash|fluoride|listerine|rinse|orajel|benzocaine|lidocaine|anbesol",
		"numbing|whitening|benzocaine|bleaching|fluoride|teething gel|cream|drops|tablets",
	],
	much: [
		"all|half|most|lots|tons|loads|plenty|gobs of?",
		"a|the|an|whole|entire|half|almost|nearly whole? tube|bottle|jar|box|package|pack",
		"whole|entire tube|bottle|jar|box",
		"a lot|bunch|ton|handful of?",
		"way? too much|many",
		"several|many|#4|ten|twelve|fifteen|twenty|thirty",
	],
	"all-of-it": ["the|a|whole|entire|full whole|entire|full? bottle|tube|jar|package|box", "all of it", "a lot"],
	"the-dose": ["recommended|maximum|max|daily dose|limit|amount"],
};
