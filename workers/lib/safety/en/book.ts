import type { RuleBook } from "../rules.ts";
import { ABUSE_EN } from "./abuse.ts";
import { DENTAL_EN } from "./dental.ts";
import { DESPAIR_EN } from "./despair.ts";
import { EMERGENCIES_EN } from "./emergencies.ts";
import { FIGURES_EN } from "./figures.ts";
import { GRAMMAR_EN } from "./grammar.ts";
import { GROUPS_EN } from "./groups.ts";
import { POISONING_EN } from "./poisoning.ts";
import { SELF_HARM_EN } from "./self-harm.ts";
import { SIGNS_EN } from "./signs.ts";

export const BOOK_EN: RuleBook = {
	language: "en",
	version: "2026-11-29",
	rules: [...SELF_HARM_EN, ...EMERGENCIES_EN, ...POISONING_EN, ...ABUSE_EN, ...DENTAL_EN, ...DESPAIR_EN, ...SIGNS_EN],
	groups: GROUPS_EN,
	figures: FIGURES_EN,
	grammar: GRAMMAR_EN,
};
