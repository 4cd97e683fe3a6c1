import { decoded } from "./samples.ts";
import type { Format } from "./samples.ts";

/** Before the first piece is heard, s: the next ones are to have come by its end. */
const LEAD_SECONDS = 0.05;

/** Plays pieces one after the other, without a gap. */
export interface Player {
	play(base64: string): void;
	/** Silent at once, and what was to come is dropped. */
	stop(): void;
}

/** @param onSpeaking something is heard, or nothing any more */
export function createPlayer(context: AudioContext, format: Format, onSpeaking: (isSpeaking: boolean) => void): Player {
	const playing = new Set<AudioBufferSourceNode>();
	let end = 0;
	const done = (source: AudioBufferSourceNode): void => {
		if (playing.delete(source) && playing.size === 0) onSpeaking(false);
	};
	return {
		play(base64) {
			const samples = decoded(base64, format);
			if (samples.length === 0) return;
			const buffer = context.createBuffer(1, samples.length, format.rate);
			buffer.copyToChannel(samples, 0);
			const source = context.createBufferSource();
			source.buffer = buffer;
			source.connect(context.destination);
			source.addEventListener("ended", () => done(source));
			const start = Math.max(end, context.currentTime + LEAD_SECONDS);
			source.start(start);
			end = start + buffer.duration;
			playing.add(source);
			onSpeaking(true);
		},
		stop() {
			end = 0;
			for (const source of playing) {
				source.stop();
				done(source);
			}
		},
	};
}
