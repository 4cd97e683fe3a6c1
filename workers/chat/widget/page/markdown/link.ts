import { TEXT, el } from "../view/dom.ts";

/** A path, a query or a part of the customer's own page; words in brackets are words. */
const RELATIVE = /^\s*\S*[./?#]\S*\s*$/;
/** Where a link may lead: no host has other signs than these, and what stands before an `@` would be taken for one. */
const LEADS_ON = /^(?:https?:\/\/[\w.:[\]-]*[\w\]]\/|mailto:|tel:|sms:)/;
/** What a number is written with and not called with: the zero, the brackets, the marks and the spaces. The words of a message are none of it. */
const IN_NUMBER = /(?<!\?.*)(?:\(0\)|%20|[\s().-])/g;
/** The host that the words of a link name as its own; `form.pdf` is none. */
const NAMED_HOST = /(?:\/\/(?:www\.)?|www\.|\b(?=[\w.-]+\.(?:com|org|net|gov)\b))([\w.-]+\w)/;

/** A link to what an answer names, or null where it is no address of a kind that it may lead to. */
export function safeLink(address: string, ...children: (Node | string)[]): HTMLAnchorElement | null {
	const href = absolute(address);
	if (!LEADS_ON.test(href)) return null;
	const link = el("a", { ...TEXT, href, target: "_blank", rel: "noopener nofollow ugc" }, ...children);
	const { hostname, textContent } = link;
	const named = NAMED_HOST.exec(textContent.toLowerCase())?.[1];
	// Words that lie about where they lead are told the truth behind.
	if (hostname && named && !`.${hostname}`.endsWith(`.${named}`)) link.append(` (${hostname})`);
	return link;
}

function absolute(address: string): string {
	try {
		const { href } = new URL(address, RELATIVE.test(address) ? document.baseURI : undefined);
		return /^[ts]/.test(href) ? href.replace(IN_NUMBER, "") : href;
	} catch {
		return "";
	}
}
