import { addToCopy, dropCopy, openCopy, takeCopy } from "./clip-copy.ts";
import type { Speech } from "../elevenlabs/speech.ts";
import { nextBytes } from "../elevenlabs/read-bytes.ts";

/** The longest silence of ElevenLabs within a clip, ms. */
const IDLE_LIMIT_MS = 15_000;
/** `complete`: ElevenLabs ended the clip; `cut`: its stream broke or fell silent; `left`: nobody listens, and the clip is too long to keep. */
export type ClipEnding = "complete" | "cut" | "left";

interface ClipEnd {
	ending: ClipEnding;
	/** The whole clip, when it is complete and not too long to keep. */
	clip: Uint8Array | undefined;
}

export interface ClipRelay {
	/** For the listener: the same bytes. It breaks when the clip is cut, so that half a clip never looks whole. */
	body: ReadableStream<Uint8Array>;
	/** Resolves once, never rejects. */
	ended: Promise<ClipEnd>;
}

/**
 * Passes a clip on as it comes, keeping a copy. While the listener plays what he has, as much again comes together: so pieces
 * grow, and with a vendor that speaks no slower than speech is heard nobody waits. A chunk is read when the listener has taken the one before, so a slow one
 * costs no memory. When the listener leaves, the rest is read for the copy alone, since the characters are paid for.
 *
 * With a known length the response carries it: workerd's own HTTP server ends a chunked response cleanly even when its stream
 * is broken (cloudflare/workerd#6818), while a response short of its length is broken on any path.
 * @param gone fires when the listener leaves
 */
export function relayClip(speech: Speech, gone: AbortSignal): ClipRelay {
	const { readable, writable } =
		speech.lengthBytes === null ? new IdentityTransformStream() : new FixedLengthStream(speech.lengthBytes);
	return { body: readable, ended: forward(speech, listenerOf(writable.getWriter(), gone)) };
}

async function forward(speech: Speech, listener: Listener): Promise<ClipEnd> {
	const { deadline } = speech;
	const copy = openCopy(speech.lengthBytes);
	// Only ElevenLabs' silence counts, never the time that the listener takes.
	deadline.set(Number.POSITIVE_INFINITY);
	try {
		let chunk: Uint8Array | undefined = speech.first;
		let passedBytes = 0;
		while (chunk !== undefined) {
			passedBytes += chunk.byteLength;
			addToCopy(copy, chunk);
			await listener.hear(chunk);
			if (listener.isGone() && !copy.isKept) {
				deadline.abort();
				return { ending: "left", clip: undefined };
			}
			// A write that was pending when the listener left may still hold its bytes.
			const spent: Uint8Array | undefined = listener.isGone() ? undefined : chunk;
			deadline.set(IDLE_LIMIT_MS);
			chunk = await nextBytes(speech.rest, passedBytes, spent);
			deadline.set(Number.POSITIVE_INFINITY);
		}
	} catch {
		dropCopy(copy);
		deadline.abort();
		await listener.breakOff();
		return { ending: "cut", clip: undefined };
	} finally {
		deadline.clear();
	}
	await listener.end();
	return { ending: "complete", clip: takeCopy(copy) };
}

/** The one who hears a clip. Nothing here rejects or hangs when they leave. */
interface Listener {
	isGone(): boolean;
	/** Resolves when the chunk was taken. */
	hear(chunk: Uint8Array): Promise<void>;
	end(): Promise<void>;
	breakOff(): Promise<void>;
}

/** A listener who leaves is noticed by the signal or by a write that fails, whichever workerd lets happen; the other may never come. */
function listenerOf(writer: WritableStreamDefaultWriter<Uint8Array>, gone: AbortSignal): Listener {
	let isGone = gone.aborted;
	/** Ends the wait for the write that is under way. */
	let stopWaiting = (): void => {};
	const leave = (): void => {
		isGone = true;
		stopWaiting();
	};
	gone.addEventListener("abort", leave, { once: true });
	const unlessGone = (work: () => Promise<void>): Promise<void> =>
		new Promise((resolve) => {
			if (isGone) return resolve();
			stopWaiting = resolve;
			work().then(resolve, leave);
		});
	return {
		isGone: () => isGone,
		hear: (chunk) => unlessGone(() => writer.write(chunk)),
		end: () => unlessGone(() => writer.close()),
		breakOff: () => unlessGone(() => writer.abort(new Error("the clip was cut"))),
	};
}
