import { piecesOf } from "./pieces.ts";
import type { VoiceOptions } from "./options.ts";
import type { VoiceWords } from "./words.ts";

const SPEAKER = "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5ZM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11";
const STOP = "M7 7h10v10H7Z";
/** A clip that has not come by then does not come, ms. */
const CLIP_MS = 30_000;

export interface Reader {
	/** Gives each of the bot's messages its button; one that has it keeps it. */
	offer(log: HTMLElement): void;
	stop(): void;
}

/**
 * Reads messages aloud, one at a time. Clips are played through Web Audio, since an element would need leave of a page's policy for
 * media. What was heard is kept with its message: hearing it again costs nobody anything.
 */
export function createReader(
	{ config, headers, iconButton }: VoiceOptions,
	words: VoiceWords,
	say: (text: string) => void,
): Reader {
	const clips = new WeakMap<HTMLElement, Map<string, AudioBuffer>>();
	let context: AudioContext | null = null;
	let reading: { button: HTMLButtonElement; message: HTMLElement; abort: AbortController } | null = null;

	const stop = (): void => {
		reading?.abort.abort();
		reading = null;
	};
	async function clipOf(message: HTMLElement, text: string, audio: AudioContext, signal: AbortSignal) {
		const known = clips.get(message) ?? new Map<string, AudioBuffer>();
		clips.set(message, known);
		const clip =
			known.get(text) ?? (await audio.decodeAudioData(await fetchClip(config.voiceUrl, headers(), text, signal)));
		known.set(text, clip);
		return clip;
	}
	async function read(message: HTMLElement, button: HTMLButtonElement): Promise<void> {
		stop();
		// The notice of the chat does not know of it: what is read goes to one who has nothing to do with the answer.
		say(words.readBy);
		const abort = new AbortController();
		const mine = { button, message, abort };
		reading = mine;
		show(button, true, words);
		try {
			// A browser lets a page make a sound only where somebody has pressed a button.
			context ??= new AudioContext();
			await context.resume();
			// biome-ignore lint/performance/useDomNodeTextContent: what is read has a pause between lines, which textContent runs together.
			const text = message.querySelector<HTMLElement>(".bubble")?.innerText ?? "";
			for (const piece of piecesOf(text)) {
				const clip = await clipOf(message, piece, context, abort.signal);
				abort.signal.throwIfAborted();
				await play(context, clip, abort.signal);
			}
		} catch {
			if (!abort.signal.aborted) say(words.notRead);
		} finally {
			if (reading === mine) reading = null;
			show(button, false, words);
		}
	}
	return {
		offer(log) {
			if (reading !== null && !log.contains(reading.message)) stop();
			for (const message of log.querySelectorAll<HTMLElement>(".message.bot:not([data-heard])")) {
				message.dataset.heard = "";
				const button = iconButton("thumb", words.read, SPEAKER, () => {
					if (reading?.button === button) stop();
					else void read(message, button);
				});
				rowOf(message).append(button);
			}
		},
		stop,
	};
}

function show(button: HTMLButtonElement, isReading: boolean, words: VoiceWords): void {
	const label = isReading ? words.stop : words.read;
	button.setAttribute("aria-label", label);
	button.title = label;
	button.querySelector("path")?.setAttribute("d", isReading ? STOP : SPEAKER);
}

/** The line of buttons below a message; an answer that cannot be rated has none yet. */
function rowOf(message: HTMLElement): HTMLElement {
	const there = message.querySelector<HTMLElement>(".thumbs");
	if (there !== null) return there;
	const row = document.createElement("div");
	row.className = "thumbs";
	row.setAttribute("aria-live", "off");
	message.append(row);
	return row;
}

async function fetchClip(
	url: string,
	headers: Record<string, string>,
	text: string,
	signal: AbortSignal,
): Promise<ArrayBuffer> {
	const timer = new AbortController();
	const timeout = setTimeout(() => timer.abort(), CLIP_MS);
	signal.addEventListener("abort", () => timer.abort(), { once: true });
	try {
		const response = await fetch(url, {
			method: "POST",
			headers: { ...headers, "Content-Type": "application/json" },
			body: JSON.stringify({ text }),
			credentials: "omit",
			referrerPolicy: "strict-origin",
			signal: timer.signal,
		});
		if (!response.ok) throw new Error(String(response.status));
		return await response.arrayBuffer();
	} finally {
		clearTimeout(timeout);
	}
}

/** Resolves when a clip has ended, or is to. */
function play(context: AudioContext, clip: AudioBuffer, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const source = context.createBufferSource();
		source.buffer = clip;
		source.connect(context.destination);
		source.addEventListener("ended", () => resolve());
		signal.addEventListener("abort", () => source.stop(), { once: true });
		source.start();
	});
}
