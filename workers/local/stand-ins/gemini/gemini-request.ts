import { isRecord } from "../wire.ts";

/** Why the API refuses a request with 400 INVALID_ARGUMENT. */
export interface RequestFault {
	message: string;
	details?: unknown[];
}

const REQUEST_FIELDS = [
	"contents",
	"systemInstruction",
	"generationConfig",
	"safetySettings",
	"tools",
	"toolConfig",
	"cachedContent",
	"labels",
	"serviceTier",
	"store",
	"continuationToken",
	"model",
];
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
const PART_FIELDS = [
	"text",
	"thought",
	"thoughtSignature",
	"inlineData",
	"fileData",
	"functionCall",
	"functionResponse",
];
const CATEGORY =
	/^HARM_CATEGORY_(HARASSMENT|HATE_SPEECH|SEXUALLY_EXPLICIT|DANGEROUS_CONTENT|CIVIC_INTEGRITY|JAILBREAK)$/;
const THRESHOLD = /^(BLOCK_(LOW_AND_ABOVE|MEDIUM_AND_ABOVE|ONLY_HIGH|NONE)|OFF)$/;
const LEVEL = /^(MINIMAL|LOW|MEDIUM|HIGH)$/i;
const MAX_STOP_SEQUENCES = 5;
const MAX_TEMPERATURE = 2;

/** Checks a request as the newest models do; undefined when it is well formed. */
export function faultOf(request: unknown, model: string): RequestFault | undefined {
	if (!isRecord(request)) return { message: "Invalid JSON payload received. Root element must be a message." };
	return (
		unknownField(request, REQUEST_FIELDS, "") ??
		contentsFault(request.contents) ??
		instructionFault(field(request, "systemInstruction")) ??
		generationFault(field(request, "generationConfig"), model) ??
		safetyFault(field(request, "safetySettings"))
	);
}

/** Proto JSON takes camelCase and snake_case alike. */
function field(object: Record<string, unknown>, name: string): unknown {
	return object[name] ?? object[snake(name)];
}

function snake(name: string): string {
	return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function unknownField(object: Record<string, unknown>, known: string[], at: string): RequestFault | undefined {
	const name = Object.keys(object).find((key) => !known.some((field) => key === field || key === snake(field)));
	if (name === undefined) return undefined;
	const description = `Invalid JSON payload received. Unknown name "${name}"${at === "" ? "" : ` at '${at}'`}: Cannot find field.`;
	const violation = {
		"@type": "type.googleapis.com/google.rpc.BadRequest",
		fieldViolations: [{ field: at, description }],
	};
	return { message: description, details: [violation] };
}

function contentsFault(contents: unknown): RequestFault | undefined {
	if (!Array.isArray(contents) || contents.length === 0) {
		return { message: "* GenerateContentRequest.contents: contents is not specified\n" };
	}
	for (const [index, content] of contents.entries()) {
		const fault = contentFault(content, `contents[${index}]`);
		if (fault !== undefined) return fault;
	}
	const last: unknown = contents.at(-1);
	if (isRecord(last) && last.role === "model")
		return { message: "Please ensure that the last content has the role user." };
	return undefined;
}

function contentFault(content: unknown, at: string): RequestFault | undefined {
	if (!isRecord(content))
		return { message: `Invalid value at '${at}' (type.googleapis.com/google.ai.generativelanguage.v1beta.Content)` };
	const unknown = unknownField(content, ["role", "parts"], at);
	if (unknown !== undefined) return unknown;
	if (content.role !== undefined && content.role !== "user" && content.role !== "model") {
		return { message: "Please use a valid role: user, model." };
	}
	return partsFault(content.parts, at);
}

function partsFault(parts: unknown, at: string): RequestFault | undefined {
	if (!Array.isArray(parts) || parts.length === 0) {
		return { message: `* GenerateContentRequest.${at}.parts: contents.parts must not be empty.\n` };
	}
	for (const [index, part] of parts.entries()) {
		if (!isRecord(part)) return { message: `Invalid value at '${at}.parts[${index}]'` };
		const unknown = unknownField(part, PART_FIELDS, `${at}.parts[${index}]`);
		if (unknown !== undefined) return unknown;
		if (part.text !== undefined && typeof part.text !== "string")
			return { message: `Invalid value at '${at}.parts[${index}].text' (TYPE_STRING)` };
		if (part.text === undefined || part.text === "") {
			return {
				message: `* GenerateContentRequest.${at}.parts[${index}].data: required oneof field 'data' must have one initialized field\n`,
			};
		}
	}
	return undefined;
}

function instructionFault(instruction: unknown): RequestFault | undefined {
	if (instruction === undefined) return undefined;
	if (!isRecord(instruction)) return { message: "Invalid value at 'system_instruction'" };
	return (
		unknownField(instruction, ["role", "parts"], "system_instruction") ??
		partsFault(instruction.parts, "system_instruction")
	);
}

function generationFault(config: unknown, model: string): RequestFault | undefined {
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

/** Per model, what facts name: 3.8 Flash has no `minimal`, Argon no budget, no model takes both. */
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

function safetyFault(settings: unknown): RequestFault | undefined {
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
