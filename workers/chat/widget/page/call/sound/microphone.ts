declare const RECORDER_FILE: string;

/** Samples that an older way of listening hands on at once. */
const BLOCK = 2048;

/** The browser's microphone, from which one hears once `listen` is called. */
export interface Microphone {
	listen(onHeard: (samples: Float32Array) => void): Promise<void>;
	/** Off it hears silence, and the browser shows that it is off. */
	turn(isOn: boolean): void;
	close(): void;
}

/** Asks for the microphone. Rejects with what the browser says: `NotAllowedError`, `NotFoundError` … */
export async function openMicrophone(context: AudioContext): Promise<Microphone> {
	const stream = await navigator.mediaDevices.getUserMedia({
		// Without this it would hear the agent from the loudspeaker.
		audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
	});
	const source = context.createMediaStreamSource(stream);
	return {
		async listen(onHeard) {
			const node = await listener(context, onHeard);
			// It says nothing; but what leads nowhere is not run.
			source.connect(node).connect(context.destination);
		},
		turn(isOn) {
			for (const track of stream.getTracks()) track.enabled = isOn;
		},
		close() {
			source.disconnect();
			for (const track of stream.getTracks()) track.stop();
		},
	};
}

async function listener(context: AudioContext, onHeard: (samples: Float32Array) => void): Promise<AudioNode> {
	try {
		await context.audioWorklet.addModule(new URL(RECORDER_FILE, import.meta.url).href);
		const node = new AudioWorkletNode(context, "koby-recorder", { numberOfOutputs: 1, channelCount: 1 });
		node.port.addEventListener("message", ({ data }: MessageEvent<Float32Array>) => onHeard(data));
		node.port.start();
		return node;
	} catch {
		// A page's policy may let in by nonce alone, which a worklet cannot have. This one is old, and needs no file.
		const node = context.createScriptProcessor(BLOCK, 1, 1);
		node.addEventListener("audioprocess", ({ inputBuffer }) => onHeard(inputBuffer.getChannelData(0).slice()));
		return node;
	}
}
