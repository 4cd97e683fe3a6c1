/** The request without its prefix. Cloudflare always names the client; here it is this machine unless the caller says otherwise. */
export function passedOn(request: Request, prefix = ""): Request {
	const url = new URL(request.url);
	url.pathname = url.pathname.slice(prefix.length);
	const passed = new Request(url, request);
	if (!passed.headers.has("CF-Connecting-IP")) passed.headers.set("CF-Connecting-IP", "127.0.0.1");
	return passed;
}
