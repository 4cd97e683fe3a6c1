import { isRecord } from "../wire.ts";
import { field, unknownField } from "./gemini-fields.ts";
import type { RequestFault } from "./gemini-fields.ts";

const GENERATION_FIELDS = [
	"maxOutputTokens",
	"stopSequences",
	"temperature",
	"topP",
	"topK",
	"candidateCount",
	"seed",
	"responseMimeType",
	"responseJsonSchema",
	"responseSchema",
	"thinkingConfig",
	"frequencyPenalty",
	"presencePenalty",
];
const THINKING_FIELDS = ["thinkingLevel", "thinkingBudget", "includeThoughts"];
const CATEGORY =
	/^HARM_CATEGORY_(HARASSMENT|HATE_SPEECH|SEXUALLY_EXPLICIT|DANGEROUS_CONTENT|CIVIC_INTEGRITY|JAILBREAK)$/;
const THRESHOLD = /^(BLOCK_(LOW_AND_ABOVE|MEDIUM_AND_ABOVE|ONLY_HIGH|NONE)|OFF)$/;
const LEVEL = /^(MINIMAL|LOW|MEDIUM|HIGH)$/i;
const MAX_STOP_SEQUENCES = 5;
const MAX_TEMPERATURE = 2;

/** What is wrong with `generationConfig`. */
export function generationFault(config: unknown, model: string): RequestFault | undefined {
	if (config === undefined) return undefined;
	if (!isRecord(config)) return { message: "Invalid value at 'generation_config'" };
	const unknown = unknownField(config, GENERATION_FIELDS, "generation_config");
	if (unknown !== undefined) return unknown;
	if (field(config, "frequencyPenalty") !== undefined || field(config, "presencePenalty") !== undefined) {
		return { message: `Penalty is not enabled for models/${model}` };
	}
	return numbersFault(config) ?? thinkingFault(field(config, "thinkingConfig"), model);
}

function numbersFault(config: Record<string, unknown>): RequestFault | undefined {
	const tokens = field(config, "maxOutputTokens");
	if (tokens !== undefined && !(Number.isInteger(tokens) && Number(tokens) > 0)) {
		return {
			message: "* GenerateContentRequest.generation_config.max_output_tokens: max_output_tokens must be positive.\n",
		};
	}
	const { temperature } = config;
	if (
		temperature !== undefined &&
		!(typeof temperature === "number" && temperature >= 0 && temperature <= MAX_TEMPERATURE)
	) {
		return {
			message: "* GenerateContentRequest.generation_config.temperature: temperature must be in the range [0.0, 2.0].\n",
		};
	}
	const stops = field(config, "stopSequences");
	if (stops !== undefined && !(Array.isArray(stops) && stops.length <= MAX_STOP_SEQUENCES)) {
		return { message: "* GenerateContentRequest.generation_config.stop_sequences: at most 5 stop sequences.\n" };
	}
	return undefined;
}

/** Per model, as Google documents it: 3.8 Flash has no `minimal`, Argon no budget, no model takes both. */
function thinkingFault(config: unknown, model: string): RequestFault | undefined {
	if (config === undefined) return undefined;
	if (!isRecord(config)) return { message: "Invalid value at 'generation_config.thinking_config'" };
	const unknown = unknownField(config, THINKING_FIELDS, "generation_config.thinking_config");
	if (unknown !== undefined) return unknown;
	const level = field(config, "thinkingLevel");
	const budget = field(config, "thinkingBudget");
	if (level !== undefined && budget !== undefined)
		return { message: "You can only set only one of thinking budget and thinking level." };
	if (budget !== undefined && model.startsWith("gemini-4-"))
		return { message: "Thinking budget is not supported for this model." };
	if (level === undefined) return undefined;
	if (typeof level !== "string" || !LEVEL.test(level))
		return { message: "Invalid value at 'generation_config.thinking_config.thinking_level'" };
	if (model === "gemini-3.8-flash" && level.toUpperCase() === "MINIMAL") {
		return { message: "Thinking level MINIMAL is not supported for this model." };
	}
	return undefined;
}

/** What is wrong with `safetySettings`. */
export function safetyFault(settings: unknown): RequestFault | undefined {
	if (settings === undefined) return undefined;
	if (!Array.isArray(settings)) return { message: "Invalid value at 'safety_settings'" };
	for (const [index, setting] of settings.entries()) {
		const at = `safety_settings[${index}]`;
		if (!isRecord(setting)) return { message: `Invalid value at '${at}'` };
		const unknown = unknownField(setting, ["category", "threshold"], at);
		if (unknown !== undefined) return unknown;
		if (!CATEGORY.test(String(setting.category))) return { message: `Invalid value at '${at}.category'` };
		if (!THRESHOLD.test(String(setting.threshold))) return { message: `Invalid value at '${at}.threshold'` };
	}
	return undefined;
}
