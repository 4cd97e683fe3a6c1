/** What only a spoken conversation says. */
export interface CallWords {
	title: string;
	/** Before the microphone is asked for; with {name} of the bot. */
	told: string;
	privacy: string;
	start: string;
	notNow: string;
	again: string;
	back: string;
	connecting: string;
	listening: string;
	speaking: string;
	mute: string;
	end: string;
	duration: string;
	lines: string;
	you: string;
	assistant: string;
	ended: string;
	timeOver: string;
	cut: string;
	refused: string;
	noMicrophone: string;
	insecure: string;
	notHere: string;
	busy: string;
	/** With {time} of the day. */
	taken: string;
	limit: string;
	offline: string;
	agreeFirst: string;
}
