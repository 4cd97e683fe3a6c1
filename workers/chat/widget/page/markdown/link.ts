import { TEXT, el } from "../view/dom.ts";

/** A path, a query or a part of the customer's own page; words in brackets are words. */
const RELATIVE = /^\s*\S*[./?#]\S*\s*$/;

/** A link to what an answer names, or null where it is no address of a kind that it may lead to. */
export function safeLink(address: string, ...children: (Node | string)[]): HTMLAnchorElement | null {
	const href = absolute(address);
	if (!/^(https?|mailto|tel|sms):/.test(href)) return null;
	return el("a", { ...TEXT, href, target: "_blank", rel: "noopener nofollow ugc" }, ...children);
}

function absolute(address: string): string {
	try {
		const { href } = new URL(address, RELATIVE.test(address) ? document.baseURI : undefined);
		// A number is called without the zero, the brackets, the marks and the spaces that it is written with.
		return /^[ts]/.test(href) ? href.replace(/\(0\)|%20|[\s().-]/g, "") : href;
	} catch {
		return "";
	}
}
