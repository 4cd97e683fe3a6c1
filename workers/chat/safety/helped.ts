import { detectDangerInAnswer } from "../../lib/safety/detect.ts";
import type { Danger } from "../../lib/safety/detect.ts";
import type { Help } from "./texts/help.ts";

/** What a turn knows of danger before its answer. */
export interface TurnSafety {
	/** A hint in the visitor's message: what is plain has no turn. */
	danger: Danger | undefined;
	help: Help;
}

/** What an answer says of the danger that it, or its message, speaks of. */
export interface AnswerSafety extends Pick<Danger, "class" | "tier"> {
	/** The line of help that stands below the answer; absent = the answer is the fixed text. */
	text?: string;
}

/** An answer, as far as help changes it. */
interface Helped {
	/** In place of the answer; undefined = it stays. */
	instead?: string;
	/** Follows the answer, blank line included; "" = nothing does. */
	below: string;
	safety?: AnswerSafety;
}

/** No answer of the model's own is read where the owner wrote it, or where it was given before without a hit. */
export function helped(
	{ danger, help }: TurnSafety,
	answer: { text: string; isBlocked: boolean; isOwn: boolean },
): Helped {
	if (answer.isBlocked) {
		if (danger === undefined) return { below: "" };
		// A model withholds its answer from such words most of all.
		return { instead: help.text(danger), below: "", safety: { class: danger.class, tier: danger.tier } };
	}
	const found = danger ?? (answer.isOwn ? detectDangerInAnswer(answer.text) : undefined);
	if (found === undefined) return { below: "" };
	const text = help.line(found);
	return { below: `\n\n${text}`, safety: { class: found.class, tier: found.tier, text } };
}
