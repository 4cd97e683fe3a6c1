import { isRecord } from "../wire.ts";
import { field, unknownField } from "./gemini-fields.ts";
import type { RequestFault } from "./gemini-fields.ts";
import { generationFault, safetyFault } from "./gemini-settings.ts";

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
const PART_FIELDS = [
	"text",
	"thought",
	"thoughtSignature",
	"inlineData",
	"fileData",
	"functionCall",
	"functionResponse",
];

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

/** What is wrong with a Content object; it needs parts, and each of them a text. */
export function contentFault(content: unknown, at: string): RequestFault | undefined {
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
