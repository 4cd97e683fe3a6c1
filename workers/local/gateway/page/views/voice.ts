import { refusal, Problem } from "../api/problem.ts";
import { el } from "../dom/dom.ts";
import { count, duration } from "../dom/format.ts";
import { field, form, note, textarea } from "../dom/parts.ts";
import { EVERYONE } from "../frame/view.ts";
import type { Context, View } from "../frame/view.ts";

const MAX_CHARS = 1000;
const FIRST = "Good morning, and welcome. How can we help you today?";

interface Clip {
	sound: Blob;
	/** HIT or MISS. */
	cache: string;
	/** What the plan was charged. */
	characters: string;
	firstByteMs: number;
	wholeMs: number;
}

export const voice: View = { id: "voice", title: "Voice", roles: EVERYONE, show };

function show(place: HTMLElement, context: Context): void {
	const words = textarea(FIRST, 3, MAX_CHARS);
	const result = el("div", { class: "stack", role: "status" });
	const speak = (): Promise<void> =>
		context.attempt(async () => {
			const key = context.org.engine?.siteKey;
			if (key === undefined) throw new Problem("This customer has no engine for tests, whose key may speak here.");
			const clip = await clipOf(words.value.trim(), key);
			if (!context.signal.aborted) play(result, clip, context.signal);
		});
	place.replaceChildren(
		note(
			"Answers can be heard: the chat has a button for it below each one. Here is the same voice with words of your own.",
		),
		form("Speak", speak, field("Text to speak", words)),
		result,
	);
}

/** @throws {Problem} refused, or broken off */
async function clipOf(text: string, siteKey: string): Promise<Clip> {
	const startedAt = performance.now();
	const init = {
		method: "POST",
		headers: { "Content-Type": "application/json", "X-Site-Key": siteKey },
		body: JSON.stringify({ text }),
	};
	const response = await fetch("/voice", init);
	if (!response.ok || response.body === null) throw await refusal(response);
	const { chunks, firstByteAt } = await received(response.body);
	return {
		sound: new Blob(chunks, { type: "audio/mpeg" }),
		cache: response.headers.get("X-Cache") ?? "not said",
		characters: response.headers.get("X-Characters") ?? "not said",
		firstByteMs: firstByteAt - startedAt,
		wholeMs: performance.now() - startedAt,
	};
}

async function received(
	body: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<{ chunks: Uint8Array<ArrayBuffer>[]; firstByteAt: number }> {
	const chunks: Uint8Array<ArrayBuffer>[] = [];
	const reader = body.getReader();
	const next = () =>
		reader.read().catch(() => {
			throw new Problem("The clip broke off before its end. Try again.");
		});
	let read = await next();
	const firstByteAt = performance.now();
	for (; !read.done; read = await next()) chunks.push(read.value);
	return { chunks, firstByteAt };
}

function play(place: HTMLElement, clip: Clip, signal: AbortSignal): void {
	const address = URL.createObjectURL(clip.sound);
	signal.addEventListener("abort", () => URL.revokeObjectURL(address), { once: true });
	const audio = el("audio", { controls: "", "aria-label": "The spoken text", src: address });
	const said =
		clip.cache === "HIT"
			? "Kept from before: no vendor was asked, and no characters were charged."
			: `Spoken anew: ${count(Number(clip.characters))} characters. The same text again comes from the cache.`;
	place.replaceChildren(
		audio,
		note(`${said} First byte after ${duration(clip.firstByteMs)}, whole after ${duration(clip.wholeMs)}.`),
	);
	// A browser may forbid sound that nobody has pressed play for; the controls are there.
	void audio.play().catch(() => undefined);
}
