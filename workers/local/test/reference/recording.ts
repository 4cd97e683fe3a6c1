import { isObject } from "../../../lib/http/json.ts";
import type { Played, Worker } from "./play.ts";

/** Lists and texts of an example are cut to what shows their form. */
const MAX_ITEMS = 2;
const MAX_TEXT = 400;
/** The example of a description is not the whole of it. */
const CUT_OBJECTS: Readonly<Record<string, readonly string[]>> = { getOpenapi: ["openapi", "info"] };
/** What an example does not give away, even though it counts nowhere but where it was made. */
const HIDDEN = { token: "the token of the first step", signed_url: "wss://api.elevenlabs.io/v1/convai/conversation?…" };

interface Example {
	request?: unknown;
	/** By status, then media type. */
	responses: Record<string, Record<string, unknown>>;
}

/** The examples of one worker's descriptions by operationId, as the files `openapi-examples.json` have them. */
export type Examples = Record<string, Example>;

/** The files that examples stand in, below `workers/`, with the deployments in each: one file for the two that share their code. */
export const EXAMPLE_FILES: Readonly<Record<string, readonly Worker[]>> = {
	"portal/openapi-examples.json": ["portal"],
	"chat/openapi-examples.json": ["chat"],
	"voice/openapi-examples.json": ["voice", "conversation"],
};

/**
 * What was played as examples: of several answers of a status and type the first counts.
 * @param port of the run, which an example shows as the local default's own
 */
export function examplesOf(played: readonly Played[], port: number): Examples {
	const examples: Examples = {};
	for (const one of played) {
		const example: Example = examples[one.operationId] ?? { responses: {} };
		examples[one.operationId] = example;
		if (one.request !== undefined && one.status < 300 && example.request === undefined)
			example.request = shortened(one.request, "");
		const bodies = example.responses[one.status] ?? {};
		example.responses[one.status] = bodies;
		const value = one.text === "" || one.mediaType === "audio/mpeg" ? undefined : exampleOf(one, port);
		if (value !== undefined) bodies[one.mediaType] ??= value;
	}
	return examples;
}

function exampleOf({ mediaType, text, operationId }: Played, port: number): unknown {
	const own = text.replaceAll(`127.0.0.1:${port}`, "localhost:8787").replaceAll(`localhost:${port}`, "localhost:8787");
	if (mediaType === "text/event-stream") return { events: eventsOf(own) };
	if (mediaType !== "application/json") return cutText(own);
	const parsed: unknown = JSON.parse(own);
	const kept = CUT_OBJECTS[operationId];
	return kept !== undefined && isObject(parsed)
		? Object.fromEntries(kept.map((name) => [name, parsed[name]]))
		: shortened(parsed, "");
}

/** The first event of each name. */
function eventsOf(text: string): Record<string, unknown> {
	const events: Record<string, unknown> = {};
	for (const [, event = "", data = ""] of text.matchAll(/^event: (\w+)\ndata: (.*)$/gm))
		events[event] ??= { event, data: shortened(JSON.parse(data), "") };
	return events;
}

function shortened(value: unknown, name: string): unknown {
	if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => shortened(item, name));
	if (isObject(value))
		return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shortened(inner, key)]));
	if (typeof value !== "string") return value;
	return name === "token" || name === "signed_url" ? HIDDEN[name] : cutText(value);
}

function cutText(text: string): string {
	return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

/** The form of a value: the names of its members and the kinds of what they hold; null goes with everything, as does an empty list. */
export function formOf(value: unknown): unknown {
	if (value === null) return "null";
	if (Array.isArray(value)) return value.length === 0 ? "null" : [formOf(value[0])];
	if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, formOf(inner)]));
	return typeof value;
}

/** Where two forms differ, in words; undefined = nowhere. */
export function formDifference(one: unknown, other: unknown, where: string): string | undefined {
	if (one === "null" || other === "null") return undefined;
	if (isObject(one) && isObject(other)) return memberDifference(one, other, where);
	if (Array.isArray(one) && Array.isArray(other)) return formDifference(one[0], other[0], `${where}[]`);
	return one === other ? undefined : `${where} is ${JSON.stringify(one)} and ${JSON.stringify(other)}`;
}

function memberDifference(
	one: Record<string, unknown>,
	other: Record<string, unknown>,
	where: string,
): string | undefined {
	const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
	const alone = names.find((name) => !(name in one) || !(name in other));
	if (alone !== undefined) return `${where}.${alone} is on one side only`;
	return names
		.map((name) => formDifference(one[name], other[name], `${where}.${name}`))
		.find((found) => found !== undefined);
}
