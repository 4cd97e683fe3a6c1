import { escaped } from "../../../html.ts";
import type { Answer } from "../../wire.ts";

/** The pages need no script and nothing from elsewhere. */
const STYLE = `
:root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif;background:light-dark(#f6f7f9,#12151a);color:light-dark(#1b2230,#e7ebf1)}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;grid-template-rows:auto 1fr}
.banner{margin:0;padding:.5rem 1rem;text-align:center;font-size:.875rem;background:light-dark(#fff4d6,#3a2f10);color:light-dark(#5b4100,#f5dd9a)}
main{width:min(58rem,100%);margin:0 auto;padding:clamp(1.25rem,5vw,3.5rem) 1.25rem;display:grid;gap:2rem clamp(1.5rem,6vw,4.5rem);grid-template-columns:repeat(auto-fit,minmax(min(100%,19rem),1fr));align-content:start}
h1{margin:0;font-size:1.15rem;font-weight:600}h2{margin:0 0 .9rem;font-size:1.05rem}p{margin:.35rem 0 0}
.price{font-size:2.3rem;font-weight:650;letter-spacing:-.02em;line-height:1.2}.price small{font-size:1rem;font-weight:400}
.muted{color:light-dark(#576172,#a5afbd);font-size:.9rem}
.card{padding:1.35rem;border:1px solid light-dark(#dfe3e9,#2e353f);border-radius:.9rem;background:light-dark(#fff,#1a1e25)}
.card+.card{margin-top:1rem}label{display:block;margin-bottom:.8rem;font-size:.875rem;color:light-dark(#576172,#a5afbd)}
input{display:block;width:100%;min-height:2.75rem;margin-top:.25rem;padding:0 .8rem;border:1px solid light-dark(#858d99,#737d8b);border-radius:.5rem;font:inherit;color:inherit;background:none}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:.75rem}
button{width:100%;min-height:2.9rem;padding:0 1rem;border:1px solid transparent;border-radius:.6rem;font:inherit;font-weight:600;cursor:pointer;background:#4b45c6;color:#fff}
button.quiet{margin-top:.6rem;border-color:light-dark(#858d99,#737d8b);background:none;color:inherit}
form{margin:1rem 0 0}a{color:light-dark(#4b45c6,#b5b1ff)}:focus-visible{outline:2px solid light-dark(#4b45c6,#b5b1ff);outline-offset:2px}
`;

/**
 * A page as Stripe hosts one.
 * @param goesTo addresses that its form leads on to: a policy on forms counts for redirects as well
 */
export function page(title: string, main: string, goesTo: string[] = [], status = 200): Answer {
	const origins = goesTo.filter((url) => URL.canParse(url)).map((url) => new URL(url).origin);
	const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'; form-action 'self' ${origins.join(" ")}`;
	const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title><link rel="icon" href="data:,"><style>${STYLE}</style></head>
<body><p class="banner" role="note">Stripe’s stand-in on this machine. No money moves, whatever is typed here.</p><main>${main}</main></body></html>
`;
	const headers = {
		"content-type": "text/html; charset=utf-8",
		"content-security-policy": policy.trim(),
		"cache-control": "no-store",
		"referrer-policy": "no-referrer",
	};
	return { status, headers, chunks: [html] };
}

/** A page that is gone, or never was. */
export function goneAnswer(): Answer {
	const main =
		'<div><h1>This page has expired</h1><p class="muted">Open it once more from the dashboard’s billing page.</p></div>';
	return page("Expired", main, [], 404);
}

/** Sends the browser on, by GET. */
export function seeOther(url: string): Answer {
	return { status: 303, headers: { location: url, "cache-control": "no-store" }, chunks: [] };
}

/** @param unitAmount in cents; null = decided elsewhere */
export function money(unitAmount: number | null, currency: string): string {
	return new Intl.NumberFormat("en", { style: "currency", currency }).format((unitAmount ?? 0) / 100);
}
