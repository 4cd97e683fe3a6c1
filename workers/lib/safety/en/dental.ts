import type { Rule } from "../rules.ts";

/** What a tooth or a jaw is struck by. */
const STRUCK = [
	"fell fall fallen falling hit bike bicycle scooter skateboard accident punched punch ball elbow elbowed kicked crash crashed soccer",
	"hockey basketball football baseball fight car tripped slipped smashed trampoline playground stairs jumped collided knocked impact blow",
].flatMap((words) => words.split(" "));

const SMALL = ["slight", "slightly", "little", "bit", "mild", "minor", "puffy"];

/** What cannot wait for an appointment, though no life hangs on it yet. */
export const DENTAL_EN: readonly Rule[] = [
	{
		class: "dental_emergency",
		not: ["past", "earlier", "habit"],
		phrases: [
			"<tooth> *3 knocked|knock|knocking|smashed|kicked|punched|busted|bashed|elbowed|slammed out",
			"knocked|smashed|kicked|punched|busted|bashed|slammed out|loose my|his|her|our|a|the|two|2|three|both|one|some *3 <tooth>",
			"knocked|smashed|kicked my|his|her|a|the|two|both|one *3 <tooth> out|loose",
			"<tooth> *1 pushed|shoved|jammed|driven|forced *4 gum|gums|up|back|in",
			"<tooth> *1 hanging|dangling by|from|on",
			"<tooth> *3 bashed|smashed|knocked|punched in $|at|by|during|and",
			"avulsed <tooth>",
			"<tooth> in *1 milk",
			"jaw <be>|might|may|must|feels? be? broken|fractured|dislocated|shattered",
			"broke|broken|fractured|dislocated|shattered my|his|her|the jaw",
			"jaw <be>? stuck|locked open|shut|closed",
			"swallowed|inhaled|aspirated *4 <appliance>",
			"<appliance> *7 swallowed|inhaled|aspirated it|that|them|one|some|part|half",
			"<tooth> *9 it|them|is|are|put|keeping|got in *2 milk",
			"<tooth> *3 out|off *2 root|roots",
			"<tooth> *3 out|off root|roots and all",
			"bite is off *6 hit|punched|fall|fell|accident|open",
			"can not open my|his|her mouth|jaw *6 punched|hit|fall|fell|swollen|swelling|swelled|fever|accident",
		],
	},
	{
		class: "dental_emergency",
		not: ["past", "earlier", "habit"],
		only: STRUCK,
		unless: ["baby", "milk", "wiggly"],
		phrases: ["<tooth> <be>? came|fell|fallen|popped|flew *1 out", "lost *3 <tooth>"],
	},
	{
		class: "dental_emergency",
		not: ["past", "habit"],
		unless: [...SMALL, "gums", "floss", "flossing", "brushing", "brush", "stopped", "normal"],
		phrases: [
			"<swollen> *7 <fever>",
			"<fever> *8 <swollen>",
			"<fever> *8 abscess|toothache",
			"toothache|abscess|infection *6 <fever>",
			"<swollen> *5 eye|neck|throat|breathing|swallow",
			"swelling|infection|abscess|swollen *5 spreading|spread|moving|moved|going|gone *3 eye|neck|throat|face|cheek|jaw",
			"spreading|spread *3 eye|neck|throat|face|cheek",
			"eye <be>? swelling|swollen|swelled shut|closed",
			"face|neck|eye <be>? *1 <swollen> *5 tooth|teeth|toothache|infection|infected|abscess|gum",
			"tooth|toothache|infection|abscess *5 face|neck|eye <be>? *1 <swollen>",
			"<swollen> *4 can not open",
			"bleeding|bled *6 hours|hour",
			"hours|hour *9 bleeding",
			"bleeding a lot|ton",
			"bleeding badly|nonstop",
			"keeps|kept bleeding",
		],
	},
	{
		class: "dental_emergency",
		tier: 2,
		not: ["past", "habit"],
		unless: ["fine", "better", "gone", "stopped"],
		phrases: [
			"if|when *5 knock|knocks|knocked out? *4 <tooth>",
			"if|when *4 <tooth> *3 knocked out",
			"if|when *3 permanent|adult tooth *2 falls|fell|comes|gets|is",
			"if|when *3 loses|lose *2 permanent|adult",
			"abscess *3 bigger|growing|worse|huge",
			"how long *6 bleed|bleeding",
			"face|neck|eye|jaw|cheek <be>? *3 <swollen>|puffy",
			"<swollen> face|jaw|cheek|neck",
			"<tooth> *2 loose *3 after|from|because *3 hit|fall|fell|accident|punch",
		],
	},
];
