import { TEXT, el } from "../view/dom.ts";

export const WEB = /^https?:/;
export const WEB_MAIL_AND_PHONE = /^(https?|mailto|tel|sms):/;

/** A link to what an answer names, or null where it is no address of a kind that it may lead to. */
export function safeLink(address: string, kinds: RegExp, ...children: (Node | string)[]): HTMLAnchorElement | null {
	const url = parsed(address);
	if (url === null || !kinds.test(url.protocol)) return null;
	return el("a", { ...TEXT, href: url.href, target: "_blank", rel: "noopener nofollow ugc" }, ...children);
}

function parsed(address: string): URL | null {
	try {
		return new URL(address);
	} catch {
		return null;
	}
}
