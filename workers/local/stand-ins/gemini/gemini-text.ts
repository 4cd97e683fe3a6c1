import { isRecord } from "../wire.ts";

/** The text that the model was told to keep to: what a prompt-safety test reads back with `[[echo]]`. */
export function instructionOf(request: unknown): string {
	if (!isRecord(request)) return "";
	return partsText(request.systemInstruction ?? request.system_instruction);
}

/** The joined text parts of a Content object, "" when it has none. */
export function partsText(content: unknown): string {
	if (!isRecord(content) || !Array.isArray(content.parts)) return "";
	return content.parts
		.map((part: unknown) => (isRecord(part) && typeof part.text === "string" ? part.text : ""))
		.join("");
}
