/** The voice worker's limit, code points. */
export const MAX_CHARACTERS = 1000;

/** A text in pieces that can be spoken one after the other: between lines, else sentences, else words, and in the last resort anywhere. */
export function piecesOf(text: string): string[] {
	const pieces: string[] = [];
	let rest = [...text.trim()];
	while (rest.length > MAX_CHARACTERS) {
		const at = cutOf(rest.slice(0, MAX_CHARACTERS).join(""));
		pieces.push([...rest.slice(0, at)].join("").trim());
		rest = [...rest.slice(at).join("").trimStart()];
	}
	if (rest.length > 0) pieces.push(rest.join(""));
	return pieces;
}

/** How many code points of a text come before the last place where it may be cut. */
function cutOf(text: string): number {
	for (const border of [/^[\s\S]*\n/u, /^[\s\S]*(?:[.!?…]\s|[。！？])/u, /^[\s\S]*\s/u]) {
		const before = border.exec(text)?.[0] ?? "";
		if (before.trim() !== "") return [...before].length;
	}
	return [...text].length;
}
