/** C0 and C1 controls but tab and newline: no reader shows them, and SQL's length() stops at NUL. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what this pattern is for.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Makes the pieces of a model's text fit to be shown and stored. */
export interface TextCleaner {
	/** What of a piece can be shown now; half a surrogate pair waits for the next piece. */
	push(piece: string): string;
	/** What was still waiting when the pieces ended. */
	end(): string;
	/** All that was shown. */
	text(): string;
	/** Whether some text did not fit. */
	isCut(): boolean;
}

function isHighSurrogate(unit: number): boolean {
	return unit >= 0xd800 && unit <= 0xdbff;
}

function fitting(text: string, room: number): string {
	if (text.length <= room) return text;
	return text.slice(0, isHighSurrogate(text.charCodeAt(room - 1)) ? room - 1 : room);
}

/**
 * A cleaner: well-formed text without controls and without leading white space, however it was cut into pieces.
 * @param maxChars cap on the whole, UTF-16 units
 */
export function createTextCleaner(maxChars: number): TextCleaner {
	let whole = "";
	let waiting = "";
	let cut = false;
	const show = (text: string): string => {
		if (cut) return "";
		const clean = text.toWellFormed().replace(CONTROLS, "");
		const fresh = whole === "" ? clean.trimStart() : clean;
		const shown = fitting(fresh, maxChars - whole.length);
		cut = shown.length < fresh.length;
		whole += shown;
		return shown;
	};
	return {
		push(piece) {
			const text = waiting + piece;
			const isSplit = isHighSurrogate(text.charCodeAt(text.length - 1));
			waiting = isSplit ? text.slice(-1) : "";
			return show(isSplit ? text.slice(0, -1) : text);
		},
		end: () => show(waiting),
		text: () => whole,
		isCut: () => cut,
	};
}
