/** Shorter words are as often another word as a mistyped one. */
const LEAST_SPELLED = 5;

/** Whether a word may be a mistyped form of another: a letter less, more or other, the first one aside. */
export function isTypo(typed: string, term: string): boolean {
	if (typed.length < LEAST_SPELLED || Math.abs(typed.length - term.length) > 1 || typed.charAt(0) !== term.charAt(0))
		return false;
	let same = 0;
	while (same < typed.length && typed.charAt(same) === term.charAt(same)) same++;
	const [restTyped, rest] = [typed.slice(same), term.slice(same)];
	return restTyped.slice(1) === rest.slice(1) || restTyped.slice(1) === rest || restTyped === rest.slice(1);
}
