// Runs in the browser's thread for sound, which knows nothing of the page.

/** What TypeScript does not know of that thread. */
declare class AudioWorkletProcessor {
	readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

/** So many samples are handed on at once: some twenty times a second, not three hundred times. */
const BLOCK = 2048;

/** Hands on what the microphone hears. */
class Recorder extends AudioWorkletProcessor {
	private block = new Float32Array(BLOCK);
	private filled = 0;

	process([[heard = new Float32Array()] = []]: Float32Array[][]): boolean {
		for (const sample of heard) {
			this.block[this.filled++] = sample;
			if (this.filled < BLOCK) continue;
			this.port.postMessage(this.block);
			this.block = new Float32Array(BLOCK);
			this.filled = 0;
		}
		return true;
	}
}

registerProcessor("koby-recorder", Recorder);
