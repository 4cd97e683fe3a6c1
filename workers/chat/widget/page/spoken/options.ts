/** What the panel gives: this file shares no code with it. */
export interface VoiceOptions {
	/** The voice worker's address, with `/` at its end. */
	url: string;
	/** The browser may listen. */
	canDictate: boolean;
	/** Who asks, and what was agreed to; at each request. */
	headers: () => Record<string, string>;
	/** The bot's language, a tag. */
	language: string;
	/** The language of the widget's own words, one of ours. */
	words: string;
	/** Makes a button as the panel's own are. @param path of its icon */
	iconButton: (className: string, label: string, path: string, onClick: () => void) => HTMLButtonElement;
}
