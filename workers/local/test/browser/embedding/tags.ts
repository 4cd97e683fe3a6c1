import { integrityOf } from "./host.ts";
import type { Way } from "./host.ts";
import { KEY } from "../../site-keys.ts";

const keyed = (attributes: string) => (given: { script: string }) =>
	`<script src="${given.script}" data-site-key="${KEY}" ${attributes}></script>`;
const inHead = (tags: string, body = "<h1>A customer</h1>"): string =>
	`<!doctype html><html lang="en"><head><title>A customer</title>${tags}</head><body>${body}</body></html>`;
const STRICT = "default-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/** The ways that are nothing but a tag, its attributes and what is set beside it. */
export const WAYS_OF_TAGS: Way[] = [
	{ name: "1 async", html: keyed("async") },
	{ name: "2 plain", html: keyed("") },
	{ name: "3 defer", html: keyed("defer") },
	{ name: "4 at the end of the body", html: (given) => `${"<p>Words</p>".repeat(50)}${keyed("")(given)}` },
	{ name: "5 type=module", html: keyed('type="module"') },
	{ name: "6 in the head, before there is a body", html: (given) => inHead(keyed("")(given)) },
	{
		name: "7 document.write",
		html: (given) => `<script>document.write(${JSON.stringify(keyed("")(given)).replaceAll("</", "<\\/")})</script>`,
	},
	{ name: "11 a tag that is removed after it ran", html: keyed('async onload="this.remove()"') },
	{ name: "12 the tag twice", html: (given) => keyed("async")(given).repeat(2) },
	{
		name: "12 two tags with different keys: the first, and the console says so",
		html: (given) => keyed("")(given) + keyed("")(given).replace(KEY, "sk_other_test_abc123"),
		says: /has the chat of sk_chadis_test_abc123 already, not that of sk_other_test_abc123/,
	},
	{ name: "14 an element with id=koby", html: (given) => `<form id="koby"></form>${keyed("async")(given)}` },
	{
		name: "15 a strict policy by nonce, with Trusted Types",
		html: keyed('async nonce="n0nce"'),
		headers: ({ hosts }) => ({
			"Content-Security-Policy": `${STRICT}; script-src 'nonce-n0nce'; connect-src ${hosts.chat}`,
		}),
	},
	{
		name: "15 a strict policy by host, with Trusted Types",
		html: keyed("async"),
		headers: ({ hosts }) => ({
			"Content-Security-Policy": `${STRICT}; script-src ${hosts.chat}; connect-src ${hosts.chat}`,
		}),
	},
	{
		name: "15 strict-dynamic",
		html: keyed('async nonce="n0nce"'),
		headers: ({ hosts }) => ({
			"Content-Security-Policy": `${STRICT}; script-src 'nonce-n0nce' 'strict-dynamic'; connect-src ${hosts.chat}`,
		}),
	},
	{
		name: "16 integrity on the current version",
		html: (given) => keyed(`crossorigin integrity="${integrityOf(given.text)}"`)(given),
	},
	{
		name: "17 Prototype.js: Object.prototype and toJSON are changed",
		html: (given) =>
			`<script>Object.prototype.extend=function(){};Array.prototype.toJSON=function(){return "[]"};String.prototype.toJSON=function(){return '"'+this+'"'}</script>${keyed("async")(given)}`,
	},
	{
		name: "22 another file name on the customer's own host",
		html: ({ hosts, text }) =>
			`<script src="${hosts.serveScript("/assets/chat-4711.js", text)}" data-site-key="${KEY}" async></script>`,
	},
	{
		name: "25 ?site_key= in the address",
		html: ({ script }) => `<script src="${script}?site_key=${KEY}" async></script>`,
	},
	{
		name: "26 window.kobySettings",
		html: ({ script }) =>
			`<script>window.kobySettings={siteKey:"${KEY}"}</script><script src="${script}" async></script>`,
	},
	{
		name: "26 window.koby as an object of settings",
		html: ({ script }) => `<script>window.koby={siteKey:"${KEY}"}</script><script src="${script}" async></script>`,
	},
	{
		name: "26 window.kobySettings after the script",
		html: ({ script }) => `<script src="${script}"></script><script>window.kobySettings={siteKey:"${KEY}"}</script>`,
	},
	{
		name: "26 no key anywhere: the console says so",
		html: ({ script }) => `<script src="${script}" async></script>`,
		outcome: "none",
		says: /There is no site key/,
	},
	{
		name: "29 integrity on an older version: the browser blocks it",
		html: ({ hosts }) =>
			`<script src="${hosts.chat}widget.0123456789abcdef.js" crossorigin integrity="${integrityOf("older")}" data-site-key="${KEY}"></script>`,
		outcome: "none",
	},
	{
		name: "29 the address of an older version, without integrity",
		html: ({ hosts }) => `<script src="${hosts.chat}widget.0123456789abcdef.js" data-site-key="${KEY}"></script>`,
	},
	{
		name: '30 koby("open") before the script has come',
		html: (given) =>
			`<script>window.koby=window.koby||function(){(koby.q=koby.q||[]).push(arguments)};koby("open")</script>${keyed("async")(given)}`,
		outcome: "open",
	},
	{
		name: '30 koby("destroy") before the script has come',
		html: (given) =>
			`<script>window.koby=function(){(koby.q=koby.q||[]).push(arguments)};koby("destroy")</script>${keyed("async")(given)}`,
		outcome: "none",
	},
	{
		name: '30 koby("destroy") before the script has come, and the tag put in again',
		html: (given) =>
			`<script>window.koby=function(){(koby.q=koby.q||[]).push(arguments)};koby("destroy");addEventListener("load",()=>window.koby||document.head.append(Object.assign(document.createElement("script"),{src:"${given.script}?site_key=${KEY}"})))</script>${keyed("async")(given)}`,
	},
	{
		name: "data-api names another host",
		html: ({ hosts, text }) =>
			`<script src="${hosts.cdn}${hosts.serveScript("/raw.js", text.replace(hosts.chat, "http://localhost:9/"))}" data-api="${hosts.chat}" data-site-key="${KEY}" async></script>`,
	},
	{ name: "35 Next.js 16: hoisted into the head", html: (given) => inHead(keyed('async=""')(given)) },
];
