import { TEXT, el } from "../view/dom.ts";

const WEB = ["https:", "http:"];
const WEB_AND_MAIL = [...WEB, "mailto:"];

/** A link to what an answer names, or null where it is no address that a page may lead to. */
export function safeLink(
	address: string,
	kinds: "web" | "web and mail",
	...children: (Node | string)[]
): HTMLAnchorElement | null {
	const url = parsed(address);
	if (url === null || !(kinds === "web" ? WEB : WEB_AND_MAIL).includes(url.protocol)) return null;
	return el("a", { ...TEXT, href: url.href, target: "_blank", rel: "noopener nofollow ugc" }, ...children);
}

function parsed(address: string): URL | null {
	try {
		return new URL(address);
	} catch {
		return null;
	}
}
