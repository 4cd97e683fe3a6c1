import { ApiError } from "../../lib/http/errors.ts";
import { isObject, parseJson } from "../../lib/http/json.ts";
import type { ShownKnowledge } from "../../lib/knowledge/shown.ts";
import { detectDanger } from "../../lib/safety/detect.ts";
import type { Danger } from "../../lib/safety/detect.ts";
import { ownDanger } from "../../lib/safety/own-phrases.ts";
import { PRIVACY_MODES, safetyPhrasesIn, strictestOf } from "../../lib/site/safeguards.ts";
import type { PrivacyMode, ProviderPolicy, SafetySettings } from "../../lib/site/safeguards.ts";
import { visitorText } from "../../lib/privacy/visitor-text.ts";
import { contactLine } from "../disclosure/answer.ts";
import { ruleFor } from "../disclosure/rule.ts";
import type { Rule } from "../disclosure/rule.ts";
import { hidingIn, wordsKept } from "../knowledge/hiding.ts";
import { helped } from "../safety/helped.ts";
import { CONFIG_DEFAULTS } from "../../lib/site/config-defaults.ts";
import { truncate } from "../../lib/text/text.ts";
import type { ModelSettings } from "../gemini/models.ts";
import { informedInstructions, withoutCitationMarks } from "../knowledge/instructions.ts";
import type { AnswerRules } from "../knowledge/instructions.ts";
import { helpOf } from "../safety/texts/help.ts";
import type { Help } from "../safety/texts/help.ts";
import { answerTurn } from "../turn/answer.ts";
import type { ReadyAnswer, Turn } from "../turn/turn.ts";
import { faultsOf } from "./judge.ts";
import type { GoldenAnswer } from "./judge.ts";
import type { GoldenQuestion } from "./question.ts";
import type { GoldenResult } from "./statements.ts";

/** As many code points of an answer are kept. */
const MAX_KEPT_CHARS = 4000;

/** The bot that is asked: its org's configuration, in force or drafted. */
export interface GoldenBot {
	rules: AnswerRules;
	fallbackMessage: string;
	models: ModelSettings;
	help: Help;
	/** As far as it says what of a visitor's words, and of an answer, is hidden. */
	privacy: PrivacyMode;
	greeting: string | null;
	safety: SafetySettings;
	/** In which help is given. */
	language: "en" | "es";
}

/**
 * @param config JSON of the run's configuration, as the history holds one
 * @param country the deployment's
 */
export function goldenBot(orgName: string, config: string, models: ModelSettings, country: string): GoldenBot {
	const parsed = parseJson(config);
	const fields = isObject(parsed) ? parsed : {};
	const text = (field: string) => (typeof fields[field] === "string" ? fields[field] : null);
	const privacy = strictestOf(text("privacy"), PRIVACY_MODES);
	const safety = {
		country: text("country"),
		emergencyNumber: text("emergency_number"),
		emergencyText: text("emergency_text"),
		phrases: safetyPhrasesIn(parseJson(text("safety_phrases") ?? "[]")),
	};
	return {
		rules: {
			name: text("display_name") ?? orgName,
			instructions: text("instructions"),
			mode: text("answer_mode") === "free" ? "free" : "strict",
			contact: text("contact"),
			hidesVisitors: privacy !== "standard",
		},
		fallbackMessage: text("fallback_message") ?? CONFIG_DEFAULTS.fallback_message,
		models,
		help: helpOf(country, safety),
		privacy,
		greeting: text("greeting"),
		safety,
		language: text("locale")?.startsWith("es") === true ? "es" : "en",
	};
}

/** Where the words of a run may go by its own configuration; one that is not known counts as the strict one. @param config as `goldenBot` */
export function providerPolicyIn(config: string): ProviderPolicy {
	const parsed = parseJson(config);
	const policy = isObject(parsed) ? (parsed.provider_policy ?? "any") : "any";
	return policy === "any" ? "any" : "baa";
}

/** A question with what is known of it before the model is asked. */
export interface AskedGolden extends GoldenQuestion {
	position: number;
	/** The owner's own answer, to this question or to one that asks the same. */
	curated: ReadyAnswer | undefined;
	shown: ShownKnowledge;
	isSmallTalk: boolean;
}

/**
 * Asks a golden question as a visitor's first message is asked: the check for danger, the rules, curated answers, passages, the
 * model with the same instructions and nothing that is hidden from it, the same marks taken off. No turn, session, cache or count is touched.
 * @throws {ApiError} model_unavailable, also when the vendor gave nothing that could be judged
 */
export async function askGolden(
	bot: GoldenBot,
	asked: AskedGolden,
	clock: () => number,
): Promise<{ result: GoldenResult; costUsdMicros: number }> {
	const { answer, costUsdMicros } = await answered(bot, asked, clock);
	const result = {
		position: asked.position,
		faults: faultsOf(asked, answer),
		answer: truncate(answer.text, MAX_KEPT_CHARS),
		finish: answer.isUnanswered ? "unanswered" : answer.finish,
		sources: answer.sources.map(({ title }) => title),
	};
	return { result, costUsdMicros };
}

async function answered(
	bot: GoldenBot,
	asked: AskedGolden,
	clock: () => number,
): Promise<{ answer: GoldenAnswer; costUsdMicros: number }> {
	const danger = detectDanger(asked.question);
	if (danger?.tier === 1) {
		const text = bot.help.text(danger);
		return { answer: { text, finish: "safety", isUnanswered: false, sources: [] }, costUsdMicros: 0 };
	}
	const rule = ruleFor(asked.question);
	if (rule !== undefined && (danger === undefined || rule.name === "child"))
		return { answer: answerByRule(bot, rule, danger), costUsdMicros: 0 };
	const turn = turnOf(bot, asked, danger ?? ownDanger(bot.safety.phrases, asked.question, bot.language), clock());
	const answer = await answerTurn({ clock, startedAt: clock() }, turn, "whole", () => undefined);
	// Nothing at all, where the model wrote nothing, is the vendor's fault and no answer to judge.
	if (answer.finish === "blocked" && answer.outputTokens === 0)
		throw new ApiError("model_unavailable", "The model gave no answer; try again later.", { reason: "gemini empty" });
	return { answer, costUsdMicros: answer.costUsdMicros };
}

function answerByRule({ rules, help }: GoldenBot, rule: Rule, danger: Danger | undefined): GoldenAnswer {
	const said = rule.text({ name: rules.name, contact: contactLine(rules.contact) });
	const { below } = helped({ danger, help }, { text: said, isBlocked: false, isOwn: false });
	return { text: said + below, finish: "curated", isUnanswered: false, sources: [] };
}

/** @param now epoch ms */
function turnOf(
	{ rules, fallbackMessage, models, help, privacy, greeting, safety }: GoldenBot,
	{ question, curated, shown, isSmallTalk }: AskedGolden,
	danger: Danger | undefined,
	now: number,
): Turn {
	const instructions = informedInstructions(rules, shown);
	const { message } = wordsKept({ privacy }, visitorText(question, now));
	return {
		sessionId: null,
		messageId: crypto.randomUUID(),
		fallbackMessage,
		ready: curated,
		spentUsdMicros: 0,
		models,
		prompt: {
			instructions,
			messages: [{ role: "user", text: withoutCitationMarks(message) }],
		},
		citable: isSmallTalk ? [] : shown.passages,
		safety: { danger, help },
		hiding: hidingIn({ privacy, greeting, safety }, instructions, now),
		books: { kind: "none" },
	};
}
