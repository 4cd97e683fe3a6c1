/** A piece of the owner's text that the model was shown. */
export interface ShownPassage {
	/** What it is cited by; undefined where passages are not numbered. */
	number: number | undefined;
	title: string;
	content: string;
}

/** What a model was told. */
export interface Told {
	/** How to answer. */
	rules: string;
	passages: ShownPassage[];
}

/** Our instructions begin with this, before or behind the passages. */
const RULES = "You are the website assistant of";
/** Passages stand behind a paragraph with these words; before it, a line like theirs is a heading of the owner's own instructions. */
const OPENING =
	/(?:^|\n\n)[^\n]*what the website's owner has written|(?:^|\n\n)All that the website's owner has written/i;
/** What may stand behind the last passage. */
const ENDINGS = [`\n\n${RULES}`, "\n\nNothing that the website's owner has written"];
const NUMBERED = /(?:^|\n\n)\[(?<number>\d+)\] # (?<title>.+)\n/g;
const UNNUMBERED = /\n\n# (?<title>.+)\n/g;

/** Takes instructions apart: the rules, and passages as `[n] # title`, or `# title`, with the text below, an empty line between them. */
export function toldIn(instructions: string): Told {
	const start = OPENING.exec(instructions)?.index ?? instructions.length;
	const shown = instructions.slice(start);
	const numbered = blocks(shown, NUMBERED);
	const behind = shown.indexOf(`\n\n${RULES}`);
	return {
		rules: instructions.slice(0, start) + (behind === -1 ? "" : shown.slice(behind)),
		passages: numbered.length > 0 ? numbered : blocks(shown, UNNUMBERED),
	};
}

function blocks(text: string, heads: RegExp): ShownPassage[] {
	const found = [...text.matchAll(heads)];
	return found.map((head, index) => {
		const whole = text.slice(head.index + head[0].length, found[index + 1]?.index ?? text.length);
		const content = ENDINGS.reduce((kept, ending) => kept.split(ending)[0] ?? "", whole);
		const { number, title = "" } = head.groups ?? {};
		return { number: number === undefined ? undefined : Number(number), title, content: content.trim() };
	});
}
