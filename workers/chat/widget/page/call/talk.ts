import type { VoiceOptions } from "../spoken/options.ts";
import { openLine } from "./line.ts";
import type { Line } from "./line.ts";
import { Refused, endSession, openSession } from "./session.ts";
import type { Session } from "./session.ts";
import type { Sheet } from "./sheet.ts";
import { openMicrophone } from "./sound/microphone.ts";
import type { Microphone } from "./sound/microphone.ts";
import { createPlayer } from "./sound/player.ts";
import type { Player } from "./sound/player.ts";
import { createResampler, encoded, formatOf } from "./sound/samples.ts";
import type { CallWords } from "./words/words.ts";

const SECOND_MS = 1_000;

/** A conversation that can be begun, once, and ended. */
interface Talk {
	/** Never rejects. */
	begin(): Promise<void>;
	/** @param word why */
	end(word: keyof CallWords): void;
}

/** What a conversation holds while it runs. */
interface Held {
	context?: AudioContext;
	microphone?: Microphone;
	session?: Session;
	line?: Line;
	player?: Player;
	clock?: ReturnType<typeof setInterval>;
}

/** One conversation. It ends once, whatever ends it, and leaves nothing on. @param onEnd why it ended */
export function createTalk(
	options: VoiceOptions,
	sheet: Sheet,
	onEnd: (word: keyof CallWords, at?: number) => void,
): Talk {
	const held: Held = {};
	const abort = new AbortController();
	const url = options.config.conversationUrl;
	const end = (word: keyof CallWords, at = 0): void => {
		if (abort.signal.aborted) return;
		abort.abort();
		letGo(held, url, options.headers());
		onEnd(word, at);
	};
	/** Rejects with what is wrong, and as soon as it has been ended meanwhile. */
	async function connect(): Promise<void> {
		if (!navigator.onLine) throw new Refused("offline");
		if (!window.isSecureContext) throw new Refused("insecure");
		const { context } = Object.assign(held, { context: new AudioContext() });
		// The microphone first: where it is refused, nobody has paid for a conversation.
		const microphone = await openMicrophone(context).catch(refusedMicrophone);
		held.microphone = microphone;
		abort.signal.throwIfAborted();
		// A browser lets a page make a sound only where somebody has pressed a button.
		await context.resume();
		const session = await openSession(url, options.headers(), abort.signal);
		held.session = session;
		abort.signal.throwIfAborted();
		held.line = openLine(session.signedUrl, {
			begun: (input, output) => begin(context, microphone, session, input, output),
			sound: (base64) => held.player?.play(base64),
			interrupted: () => held.player?.stop(),
			said: (by, text) => {
				if (text.trim() !== "") sheet.add(by === "visitor" ? "you" : by, text.trim());
			},
			corrected: sheet.correct,
			ended: (isWhole) => end(isWhole ? "ended" : "cut"),
		});
	}
	function begin(context: AudioContext, microphone: Microphone, session: Session, input: string, output: string) {
		const [taken, given] = [formatOf(input), formatOf(output)];
		const { line } = held;
		if (taken === null || given === null || line === undefined) return false;
		held.player = createPlayer(context, given, sheet.speaking);
		const resampled = createResampler(context.sampleRate, taken.rate);
		microphone.listen((samples) => line.send(encoded(resampled(samples), taken))).catch(() => end("busy"));
		sheet.speaking(false);
		sheet.run([
			{ word: "end", act: () => end("ended") },
			{ word: "mute", act: toggle(microphone), isToggle: true },
		]);
		held.clock = runClock(session.maxSeconds, sheet, () => end("timeOver"));
		return true;
	}
	return {
		end,
		async begin(): Promise<void> {
			try {
				await connect();
			} catch (thrown) {
				// What came after it had been ended.
				if (abort.signal.aborted) letGo(held, url, options.headers());
				else if (thrown instanceof Refused) end(thrown.word, thrown.at);
				else end("busy");
			}
		},
	};
}

/** Lets go of all that is held, once. */
function letGo(held: Held, url: string, headers: Record<string, string>): void {
	const { context, microphone, session, line, player, clock } = held;
	for (const name of ["context", "microphone", "session", "line", "player", "clock"] as const) delete held[name];
	clearInterval(clock);
	line?.close();
	player?.stop();
	microphone?.close();
	void context?.close();
	if (session !== undefined) endSession(url, headers, session);
}

function toggle(microphone: Microphone): () => void {
	let isOn = true;
	return () => {
		isOn = !isOn;
		microphone.turn(isOn);
	};
}

function runClock(maxSeconds: number, sheet: Sheet, onOver: () => void): ReturnType<typeof setInterval> {
	const startedAt = Date.now();
	const tell = (): void => {
		// Not counted by its own ticks, which a browser thins out where nobody looks.
		const seconds = Math.floor((Date.now() - startedAt) / SECOND_MS);
		sheet.clock(seconds, maxSeconds);
		if (seconds >= maxSeconds) onOver();
	};
	const clock = setInterval(tell, SECOND_MS);
	tell();
	return clock;
}

/** What the browser says of a microphone that cannot be had, as a refusal. */
function refusedMicrophone(thrown: unknown): never {
	const name = thrown instanceof DOMException ? thrown.name : "";
	const isMissing = name === "NotFoundError" || name === "OverconstrainedError";
	throw new Refused(isMissing ? "noMicrophone" : "refused");
}
