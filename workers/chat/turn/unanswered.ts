/** What the model is told to begin an answer with when nothing it was told answers the question: the unanswered marker. */
export const UNANSWERED_MARKER = "[?]";
const MARKER_AT_START = /^\s*\[\?\]\s*/;

/** Whether a text may yet turn out to begin with the marker. */
function isUndecided(text: string): boolean {
	const begun = text.trim();
	return begun.length < UNANSWERED_MARKER.length ? UNANSWERED_MARKER.startsWith(begun) : begun === UNANSWERED_MARKER;
}

/** Keeps the marker out of what is shown, piece by piece. */
export interface MarkerFilter {
	/** What of a piece can be shown; the first pieces wait only while they could still be the marker. */
	push(piece: string): string;
	/** Whether something waits: an opening bracket, or the marker alone. */
	isWaiting(): boolean;
}

export function createMarkerFilter(): MarkerFilter {
	let waiting = "";
	let isDecided = false;
	return {
		push(piece) {
			if (isDecided) return piece;
			waiting += piece;
			if (isUndecided(waiting)) return "";
			isDecided = true;
			return waiting.replace(MARKER_AT_START, "");
		},
		isWaiting: () => !isDecided && waiting !== "",
	};
}

/** A whole answer without the marker, and whether it had it: the question is then known to be unanswered. */
export function withoutMarker(text: string): { text: string; isUnanswered: boolean } {
	return { text: text.replace(MARKER_AT_START, ""), isUnanswered: MARKER_AT_START.test(text) };
}
