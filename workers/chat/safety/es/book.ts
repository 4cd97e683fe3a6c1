import type { RuleBook } from "../rules.ts";
import { EMERGENCIES_ES } from "./emergencies.ts";
import { FIGURES_ES } from "./figures.ts";
import { GRAMMAR_ES } from "./grammar.ts";
import { GROUPS_ES } from "./groups.ts";
import { SELF_HARM_ES } from "./self-harm.ts";

export const BOOK_ES: RuleBook = {
	language: "es",
	version: "2026-11-28",
	rules: [...SELF_HARM_ES, ...EMERGENCIES_ES],
	groups: GROUPS_ES,
	figures: FIGURES_ES,
	grammar: GRAMMAR_ES,
};
