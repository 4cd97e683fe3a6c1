import type { GeminiFacts } from "../facts.ts";
import { ask, askEach } from "./ask.ts";
import type { Asking } from "./ask.ts";

/** The models to look at. */
interface Models {
	/** Of every line of GEMINI_MODELS and of every engine, and the embedding model. */
	all: readonly string[];
	/** Those that visitors are answered by: each is asked for one word, which costs less than a micro-dollar. */
	answering: readonly string[];
}

/** One token of an answer: it proves key, quota and place, and it alone carries what Google says of a model's end (`modelStatus`). */
const ONE_WORD = {
	contents: [{ role: "user", parts: [{ text: "Hi" }] }],
	generationConfig: { maxOutputTokens: 1 },
};

/** What Gemini tells of the models (GET v1beta/models/{model}, POST …:generateContent). */
export async function geminiFacts(
	asking: Asking,
	baseUrl: string,
	apiKey: string,
	{ all, answering }: Models,
): Promise<GeminiFacts> {
	const headers = { "x-goog-api-key": apiKey };
	const url = (model: string): string => `${baseUrl}/v1beta/models/${encodeURIComponent(model)}`;
	const [models, answers] = await Promise.all([
		askEach(all, (model) => ask(asking, url(model), { headers })),
		askEach(answering, (model) =>
			ask(asking, `${url(model)}:generateContent`, { method: "POST", headers, body: ONE_WORD }),
		),
	]);
	return { models, answers };
}
