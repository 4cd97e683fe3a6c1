import { readFileSync, readdirSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { isObject, parseJson } from "../../../lib/http/json.ts";

/** `whole` = its text is the answer; `nothing` = it has none to give; `broken` = it may not count as an answer. */
type Expected = "whole" | "nothing" | "broken";

/** A response of Gemini as somebody has recorded it. */
export interface Recording {
	/** Path within the folder. */
	name: string;
	isStreamed: boolean;
	/** Of the response: an error object names its own. */
	status: number;
	contentType: string;
	body: string;
	expected: Expected;
	/** The text parts joined, thoughts left out. */
	text: string;
}

const FILE = /^(unary|streaming)-(success|failure)-.+\.(?:json|txt|html)$/;

/** All recordings below a folder, in the layout of FirebaseExtended/vertexai-sdk-test-data. */
export function recordings(folder: string): Recording[] {
	const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
	return files
		.filter((file) => FILE.test(basename(file)))
		.sort()
		.map((file) => recording(folder, join(folder, file)));
}

function recording(folder: string, path: string): Recording {
	const [, mode = "", outcome = ""] = FILE.exec(basename(path)) ?? [];
	const body = readFileSync(path, "utf8");
	const whole = parseJson(body);
	const isStreamed = mode === "streaming";
	const chunks = whole === undefined ? eventsOf(body) : [whole];
	const text = chunks.map(textOf).join("");
	const isEnded = !isStreamed || chunks.some((chunk) => candidateOf(chunk).finishReason !== undefined);
	return {
		name: relative(folder, path),
		isStreamed,
		status: statusOf(whole, path),
		contentType: contentTypeOf(path, isStreamed && whole === undefined),
		body,
		// A stream that names no finish reason is cut, whatever the file is called.
		expected: outcome === "failure" || (text !== "" && !isEnded) ? "broken" : text === "" ? "nothing" : "whole",
		text,
	};
}

function contentTypeOf(path: string, isEventStream: boolean): string {
	if (path.endsWith(".html")) return "text/html; charset=UTF-8";
	return isEventStream ? "text/event-stream" : "application/json; charset=UTF-8";
}

function statusOf(value: unknown, path: string): number {
	if (path.endsWith(".html")) return 404;
	const error = isObject(value) && isObject(value.error) ? value.error : {};
	return typeof error.code === "number" ? error.code : 200;
}

function eventsOf(body: string): unknown[] {
	return body.split(/\r?\n/).flatMap((line) => (line.startsWith("data:") ? [parseJson(line.slice(5))] : []));
}

function candidateOf(chunk: unknown): Record<string, unknown> {
	const [candidate]: unknown[] = isObject(chunk) && Array.isArray(chunk.candidates) ? chunk.candidates : [];
	return isObject(candidate) ? candidate : {};
}

function textOf(chunk: unknown): string {
	const { content } = candidateOf(chunk);
	const parts: unknown[] = isObject(content) && Array.isArray(content.parts) ? content.parts : [];
	return parts
		.filter(isObject)
		.map(({ text, thought }) => (typeof text === "string" && thought !== true ? text : ""))
		.join("");
}
