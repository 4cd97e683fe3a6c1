import type { Rule } from "../rules.ts";

/** Blows that nobody meant, or that were part of a game. */
const BY_CHANCE = [
	"accident|accidentally|accidently|ball|bat|elbow|elbowed|soccer|football|basketball|baseball|hockey|game|playing|practice|car|truck",
	"wrestling|boxing|sparring|karate|toy|bike|puck|racket|paddle|hygienist|assistant|dentist|bill|invoice|needle|drill",
].flatMap((words) => words.split("|"));

/** Violence by those whom one lives with, or who are trusted. */
export const ABUSE_EN: readonly Rule[] = [
	{
		class: "abuse",
		not: ["past"],
		unless: BY_CHANCE,
		phrases: [
			"<abuser> <beats> me|us",
			"<abuser> hit|beat|punched|kicked|slapped|choked|strangled|attacked me|us",
			"<abuser> *1 <beating> me|us",
			"<abuser> <be>|been? going|threatening to hurt|beat|attack|rape me|us",
			"<abuser> will hurt|beat|attack me|us",
			"he|she|they <beats> me|us",
			"he|she|they hit|choked|strangled|beat|raped|molested me|us again|last|and|because|when|up|today|tonight",
			"he|she|they keep|keeps <beating> me|us",
			"someone|somebody *3 <beats> me",
			"<abuser> touches|touched|touching|touch me|my",
			"someone|somebody *3 touches|touched|touching me|my",
			"he|she touches|touched me where|there|down|inappropriately|private|and|at",
			"touches|touched|touching my private|privates|breasts",
			"not to tell anyone|anybody|mom|dad|my",
			"i am|<be> being|getting <beaten>",
			"i was|got|have been? <beaten>",
			"i <be> in an abusive",
			"afraid|scared|terrified to go? home",
			"afraid|scared|terrified of my husband|boyfriend|dad|father|stepdad|stepfather|partner|wife|girlfriend|ex|mom|mother",
			"not safe at home",
			"he|she|they will not let me leave",
		],
	},
	{
		class: "abuse",
		tier: 2,
		unless: BY_CHANCE,
		phrases: [
			"<abuser>|he|she|they used to <beat> me|us",
			"<abuser> threatens|threatened to kill me|us",
			"i was|got|have been? <beaten>",
			"<near>|he|she|they <be>|was|were|been? being|getting? <beaten>",
			"<beats> her|him|them|his|their *2 kids|kid|child|children|wife|daughter|son|girlfriend|sister|mother",
			"<beats> her|him|them $|and|in|at|every|up|again",
			"husband|boyfriend|father|dad|stepfather|stepdad|mother|mom|partner|uncle|parents hits|beats|abuses|hit|beat|abused|hitting|beating|abusing her|him|them",
			"suspect|suspected|suspecting|report|reporting|reported|signs|victim|suffering *3 abuse|neglect|molestation",
			"child|kid|niece|nephew|baby <be> being? abused|neglected|mistreated|molested",
			"abusive relationship|marriage|husband|boyfriend|home|household|father|dad|partner|parents",
			"someone|somebody is hurting me|her|him|them|a",
		],
	},
];
