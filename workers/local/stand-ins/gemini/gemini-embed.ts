import { isRecord } from "../wire.ts";
import { field, unknownField } from "./gemini-fields.ts";
import type { RequestFault } from "./gemini-fields.ts";
import { contentFault } from "./gemini-request.ts";
import { partsText } from "./gemini-text.ts";

/** Vectors of unit length for texts, in order, all of one size. */
export type Embed = (texts: string[]) => Promise<number[][]>;

/** Models that embed; the retired ones are a 404. */
export const EMBEDDING_MODELS = new Set(["gemini-embedding-2", "gemini-embedding-001"]);

const REQUEST_FIELDS = ["model", "content", "outputDimensionality", "taskType", "title"];
const MAX_BATCH = 100;
const DIMENSIONS = { least: 128, most: 3072 };
/** Only the whole vectors of the first model have unit length. */
const TRUNCATED_LENGTH = 0.7;
/** How the second model is told what a text is for: in the text. The small model behind the stand-in does not know these words. */
const QUERY_PREFIX = /^task: [^|]{1,40} \| query: /;
const TITLE_PREFIX = /^title: (?<title>.*?) \| text: /s;

/**
 * `:embedContent` and `:batchEmbedContents` (at most 100 requests): each content gives one vector of `outputDimensionality` numbers,
 * 3,072 where it is not said; what the model behind has too few of is filled with zeros, which leaves every cosine as it is.
 * Several parts of a content become one vector, and `taskType` changes nothing, as of gemini-embedding-2.
 */
export async function embeddings(
	body: unknown,
	model: string,
	isBatch: boolean,
	embed: Embed,
): Promise<{ body: unknown } | { fault: RequestFault }> {
	const requests: unknown = isBatch && isRecord(body) ? body.requests : [body];
	const fault = (isBatch ? batchFault(body, requests) : undefined) ?? listFault(requests, model, isBatch);
	if (fault !== undefined || !Array.isArray(requests)) return { fault: fault ?? { message: "requests is no list" } };
	const asked = requests.filter(isRecord);
	const vectors = await embed(asked.map((request) => plainText(partsText(request.content))));
	const sized = asked.map((request, index) => ({
		values: sizedVector(vectors[index] ?? [], Number(field(request, "outputDimensionality") ?? DIMENSIONS.most), model),
	}));
	return { body: isBatch ? { embeddings: sized } : { embedding: sized[0] } };
}

function batchFault(body: unknown, requests: unknown): RequestFault | undefined {
	if (!isRecord(body)) return { message: "Invalid JSON payload received. Root element must be a message." };
	const unknown = unknownField(body, ["requests", "model"], "");
	if (unknown !== undefined) return unknown;
	if (!Array.isArray(requests) || requests.length === 0)
		return { message: "* BatchEmbedContentsRequest.requests: requests is not specified\n" };
	return requests.length > MAX_BATCH
		? { message: `* BatchEmbedContentsRequest.requests: at most ${MAX_BATCH} requests can be in one batch\n` }
		: undefined;
}

function listFault(requests: unknown, model: string, isBatch: boolean): RequestFault | undefined {
	if (!Array.isArray(requests)) return undefined;
	for (const [index, request] of requests.entries()) {
		const fault = requestFault(request, model, isBatch ? `requests[${index}]` : "");
		if (fault !== undefined) return fault;
	}
	return undefined;
}

function requestFault(request: unknown, model: string, at: string): RequestFault | undefined {
	if (!isRecord(request)) return { message: `Invalid value at '${at}'` };
	const unknown = unknownField(request, REQUEST_FIELDS, at);
	if (unknown !== undefined) return unknown;
	const named = request.model;
	if ((at !== "" || named !== undefined) && named !== `models/${model}`)
		return { message: `* EmbedContentRequest.model: must be models/${model}, as in the path\n` };
	const size = field(request, "outputDimensionality");
	const isSize = Number.isInteger(size) && Number(size) >= DIMENSIONS.least && Number(size) <= DIMENSIONS.most;
	if (size !== undefined && !isSize)
		return {
			message: `* EmbedContentRequest.output_dimensionality: must be between ${DIMENSIONS.least} and ${DIMENSIONS.most}\n`,
		};
	if (request.content === undefined) return { message: "* EmbedContentRequest.content: contents is not specified\n" };
	return contentFault(request.content, at === "" ? "content" : `${at}.content`);
}

/** A text without what only tells the vendor's model how to read it. */
function plainText(text: string): string {
	const title = TITLE_PREFIX.exec(text);
	if (title === null) return text.replace(QUERY_PREFIX, "");
	const body = text.slice(title[0].length);
	const name = title.groups?.title ?? "";
	return name === "none" ? body : `${name}. ${body}`;
}

function sizedVector(vector: readonly number[], size: number, model: string): number[] {
	const cut = vector.slice(0, size);
	const norm = Math.hypot(...cut) || 1;
	const length = model === "gemini-embedding-001" && size < DIMENSIONS.most ? TRUNCATED_LENGTH : 1;
	return Array.from({ length: size }, (_, index) => ((cut[index] ?? 0) / norm) * length);
}
