import type { RuleBook } from "../rules.ts";
import { ABUSE_ES } from "./abuse.ts";
import { DENTAL_ES } from "./dental.ts";
import { EMERGENCIES_ES } from "./emergencies.ts";
import { FIGURES_ES } from "./figures.ts";
import { GRAMMAR_ES } from "./grammar.ts";
import { GROUPS_ES } from "./groups.ts";
import { HINTS_ES } from "./hints.ts";
import { POISONING_ES } from "./poisoning.ts";
import { SELF_HARM_ES } from "./self-harm.ts";

export const BOOK_ES: RuleBook = {
	language: "es",
	version: "2026-11-29",
	rules: [...SELF_HARM_ES, ...EMERGENCIES_ES, ...POISONING_ES, ...ABUSE_ES, ...DENTAL_ES, ...HINTS_ES],
	groups: GROUPS_ES,
	figures: FIGURES_ES,
	grammar: GRAMMAR_ES,
};
