/**
 * What a limiter counts a client by: its IPv4 address, or the /64 of its IPv6 address (one customer of a provider holds a
 * whole /64). Only CF-Connecting-IP is read: Cloudflare sets it, X-Forwarded-For is the client's to invent.
 * Clients without the header share one bucket.
 */
export function clientKey(request: Request): string {
	const address = request.headers.get("CF-Connecting-IP")?.trim() ?? "";
	if (/^[0-9.]{7,15}$/.test(address)) return address;
	return ipv6Prefix(address) ?? "unknown";
}

function ipv6Prefix(address: string): string | undefined {
	if (address.length > 45 || !URL.canParse(`http://[${address}]/`)) return undefined;
	const compressed = new URL(`http://[${address}]/`).hostname.slice(1, -1);
	const [head = "", tail] = compressed.split("::", 2);
	const groups = head === "" ? [] : head.split(":");
	const after = tail === undefined || tail === "" ? [] : tail.split(":");
	while (groups.length + after.length < 8) groups.push("0");
	const all = [...groups, ...after];
	const mapped = all.slice(0, 5).every((group) => group === "0") && all[5] === "ffff";
	return mapped ? all.join(":") : `${all.slice(0, 4).join(":")}::/64`;
}
