/** The number of Unicode code points, which is what our text limits count. */
export function codePoints(text: string): number {
	let count = 0;
	for (let index = 0; index < text.length; index++) {
		const unit = text.charCodeAt(index);
		const paired = unit >= 0xd800 && unit <= 0xdbff && index + 1 < text.length;
		if (paired) index++;
		count++;
	}
	return count;
}

/** Whether a text can be stored and given back as it is: no lone surrogate (D1 would keep three U+FFFD) and no NUL (SQL's length() stops there). */
export function isStorable(text: string): boolean {
	return text.isWellFormed() && !text.includes("\0");
}

/** The text cut to at most `max` code points, never inside a surrogate pair. */
export function truncate(text: string, max: number): string {
	if (text.length <= max) return text;
	return Array.from(text.slice(0, max * 2))
		.slice(0, max)
		.join("");
}
