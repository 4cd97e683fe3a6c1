import type { Wording } from "./wording.ts";

/**
 * Short and warm; no word of how somebody could come to harm, nothing that sounds like a crime or a verdict, no promise of secrecy,
 * and the number itself rather than advice to look for one. The texts say that nobody reads along, so that nobody waits for it.
 */
export const WORDING_EN: Wording = {
	version: "2026-11-29",
	texts: {
		self_harm: ({ emergency, crisis }) =>
			`Thank you for saying this. You don't have to go through it alone. Please talk with a person now: ${crisis}. If you are in danger right now or already hurt, call ${emergency}. This is an automated assistant, and nobody is watching this chat live. You can go on writing here if you like.`,
		medical_emergency: ({ emergency }) =>
			`This sounds like an emergency. Call ${emergency} now, or go to the nearest emergency room. Please don't wait for an answer here: this is an automated assistant, and nobody is watching this chat live. The people who answer will tell you what to do until help arrives.`,
		poisoning: ({ emergency, crisis, poison }) =>
			`This may be an emergency, even if everything still feels fine. To hear what to do right now, ${poison}. Call ${emergency} at once if anyone has collapsed, has trouble breathing or can't be woken, or if it was not an accident. If thoughts of suicide are part of this, you don't have to go through it alone: ${crisis}. This is an automated assistant, and nobody is watching this chat live. You can go on writing here, but please call first.`,
		abuse: ({ emergency, abuse }) =>
			`I'm sorry this is happening. It is not your fault, and you deserve to be safe. If you are in danger now, call ${emergency}. To talk with a person about it, day or night, ${abuse}. This is an automated assistant, and nobody is watching this chat live. You can go on writing here if it is safe to.`,
		dental_emergency: ({ emergency, practice }) =>
			`This sounds like a dental emergency. Please call the practice now${practice} rather than wait for an answer here. Call ${emergency} or go to the nearest emergency room if it is hard to breathe or swallow, if a swelling reaches the eye or the neck, if bleeding does not stop after 30 minutes of firm pressure, or after a hard blow to the head. A permanent tooth that came out: hold it by the crown, keep it in milk, and be seen within the hour. A baby tooth is not put back. This is an automated assistant, and nobody is watching this chat live.`,
	},
	lines: {
		self_harm: ({ emergency, crisis }) =>
			`If you or somebody you know is thinking of suicide or self-harm, a person is there to talk: ${crisis}. In danger right now, call ${emergency}.`,
		medical_emergency: ({ emergency }) =>
			`If this is happening now or getting worse, don't wait for an answer here: call ${emergency}.`,
		poisoning: ({ emergency, poison }) =>
			`If somebody may have swallowed something harmful, ${poison}. If they have trouble breathing or can't be woken, call ${emergency}.`,
		abuse: ({ emergency, abuse }) =>
			`If you or somebody you know is being hurt or is not safe, there are people to talk with, day or night: ${abuse}. In danger right now, call ${emergency}.`,
		dental_emergency: ({ emergency, practice }) =>
			`If this is happening now, please call the practice${practice}. If it is hard to breathe or swallow, a swelling reaches the eye or the neck, or bleeding does not stop, call ${emergency}.`,
	},
	localNumber: "your local emergency number",
	poisonByEmergency: (emergency) => `call ${emergency}`,
	practiceAt: (number) => ` at ${number}`,
	ownWords: (text, number) => `From the practice: ${[text, number].filter((part) => part !== null).join(" ")}`,
};
