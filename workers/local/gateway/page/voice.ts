import { byId, el } from "./dom.ts";
import { count, duration } from "./format.ts";
import { Problem, plainWords, refusal } from "./problem.ts";

const SITE_KEY = "sk_chadis_test_abc123";

interface Clip {
	sound: Blob;
	/** HIT or MISS. */
	cache: string;
	/** What the plan was charged. */
	characters: string;
	firstByteMs: number;
	wholeMs: number;
}

/** The form whose text the voice worker speaks. */
export function startVoice(): void {
	const form = byId("voice-form", HTMLFormElement);
	const text = byId("voice-text", HTMLTextAreaElement);
	const left = byId("voice-count", HTMLElement);
	const tell = (): void => {
		left.textContent = `${count([...text.value].length)} of ${count(text.maxLength)} characters`;
	};
	text.addEventListener("input", tell);
	tell();
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		void speak(text.value.trim());
	});
}

async function speak(text: string): Promise<void> {
	const button = byId("voice-button", HTMLButtonElement);
	if (button.getAttribute("aria-disabled") === "true") return;
	if (text === "") return say("Write something for the voice to say first.", true);
	// Not `disabled`, which would throw the keyboard's focus away.
	button.setAttribute("aria-disabled", "true");
	say("Waiting for the voice …");
	try {
		show(await clipOf(text));
	} catch (error) {
		byId("voice-result", HTMLElement).hidden = true;
		say(plainWords(error), true);
	} finally {
		button.setAttribute("aria-disabled", "false");
	}
}

/** @throws {Problem} refused, or broken off */
async function clipOf(text: string): Promise<Clip> {
	const startedAt = performance.now();
	const init = {
		method: "POST",
		headers: { "Content-Type": "application/json", "X-Site-Key": SITE_KEY },
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

function show(clip: Clip): void {
	const audio = byId("voice-audio", HTMLAudioElement);
	if (audio.src !== "") URL.revokeObjectURL(audio.src);
	audio.src = URL.createObjectURL(clip.sound);
	byId("voice-facts", HTMLElement).replaceChildren(
		...fact("X-Cache", clip.cache),
		...fact("X-Characters", clip.characters),
		...fact("First byte", duration(clip.firstByteMs)),
		...fact("Whole clip", duration(clip.wholeMs)),
	);
	byId("voice-result", HTMLElement).hidden = false;
	const hit = clip.cache === "HIT";
	say(
		hit
			? "Kept from before: no vendor was asked and no characters were charged."
			: "Spoken anew. Speak the same text again, and it comes from the cache.",
	);
	// A browser may forbid sound that nobody has pressed play for; the controls are there.
	void audio.play().catch(() => undefined);
}

function fact(name: string, value: string): HTMLElement[] {
	return [el("div", {}, el("dt", {}, name), el("dd", {}, value))];
}

function say(text: string, isFault = false): void {
	const status = byId("voice-status", HTMLElement);
	status.textContent = text;
	status.classList.toggle("fault", isFault);
}
