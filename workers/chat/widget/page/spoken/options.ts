import type { Config } from "../api/shapes.ts";

/** What the panel gives: this file shares no code with it. */
export interface VoiceOptions {
	/** How the bot shows itself, and which addresses it speaks at. */
	config: Config;
	/** Who asks, and what was agreed to; at each request. */
	headers: () => Record<string, string>;
	/** The bot's language, a tag. */
	language: string;
	/** The language of the widget's own words, one of ours. */
	words: string;
	/** Makes a button as the panel's own are. @param path of its icon */
	iconButton: (className: string, label: string, path: string, onClick: () => void) => HTMLButtonElement;
}
