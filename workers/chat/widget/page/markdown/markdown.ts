import { TEXT } from "../view/dom.ts";
import { blocks } from "./blocks.ts";

/** More than is shown of an answer; the server's answers are far shorter. */
const TOO_LONG = /^(.{20000}).+/su;
/** A last line of marks and numbers alone: nobody can tell yet what it begins. */
const UNDECIDED = /(^|\n)(?:[- *+_=#|`~•>:]|\d{1,9}(?:[.)]|$))*$/;
/** The rest of a last line that may yet be the head of a table without bars around it. */
const HEAD = /(?<=(?:^|\n)\s*[^\s|:-][^|\n]*)\|.*$/;
/** What is a blank here; and two controls behind which letters are set in an order that is not theirs: an address would be read as another. */
const BLANKS = /[\t\v\u202D\u202E]/g;

/** An answer as blocks. @param isOpen it goes on: what is not closed yet is shown as if it were, and what is undecided waits */
export function markdown(text: string, isOpen = false): HTMLElement[] {
	const shown = text.replace(TOO_LONG, "$1…").replace(BLANKS, "    ");
	// A line tabulation says where the text goes on, in whichever block that is.
	const open = `${shown.replace(UNDECIDED, "").replace(HEAD, "").trimEnd()}\v`;
	return blocks((isOpen ? open : shown).split(/\r?\n/), TEXT);
}

/** Makes an element's children those of another, and touches only what differs: a selection and a reader's place stay. */
export function patch(parent: Node, next: Node): void {
	const nodes = [...next.childNodes];
	let following = parent.firstChild;
	for (const node of nodes) {
		const old = following;
		following = old?.nextSibling ?? null;
		if (old?.isEqualNode(node)) continue;
		if (!old) parent.appendChild(node);
		else if (old instanceof Text && node instanceof Text && node.data.startsWith(old.data))
			old.appendData(node.data.slice(old.length));
		else if (old.cloneNode().isEqualNode(node.cloneNode())) patch(old, node);
		else parent.replaceChild(node, old);
	}
	while (parent.childNodes.length > nodes.length) parent.lastChild?.remove();
}
