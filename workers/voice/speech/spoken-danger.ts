import { detectDanger, detectDangerInAnswer } from "../../lib/safety/detect.ts";
import type { Danger } from "../../lib/safety/detect.ts";

/**
 * What a text speaks of that is to be spoken. Most are answers, so what is plain counts as such only where it is stated of somebody:
 * not where a listener is told what to do should it be so, nor in what is told of teeth.
 */
export function spokenDanger(text: string): Danger | undefined {
	const danger = detectDanger(text);
	if (danger === undefined) return detectDangerInAnswer(text);
	if (danger.tier === 2) return danger;
	if (danger.class === "dental_emergency") return { ...danger, tier: 2 };
	return detectDangerInAnswer(text) === undefined ? undefined : danger;
}
