import { createServer, request } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A network between a browser and the local run, which can break. */
export interface Network {
	origin: string;
	/** Nothing gets through, and what was under way breaks off; or all does again. */
	setDown(isDown: boolean): void;
	/** How many requests of a method and path have come. */
	count(method: string, path: RegExp): number;
	close(): Promise<void>;
}

/** Hands on everything as it comes, byte by byte. */
export async function serveNetwork(target: string): Promise<Network> {
	const sockets = new Set<Socket>();
	const seen: string[] = [];
	let isDown = false;
	const server = createServer((incoming, outgoing) => {
		seen.push(`${incoming.method} ${incoming.url}`);
		const { method = "GET", headers, url = "/" } = incoming;
		const passed = request(target + url, { method, headers }, (response) => {
			outgoing.writeHead(response.statusCode ?? 500, response.headers);
			response.pipe(outgoing);
		});
		// What breaks on one side breaks on the other.
		passed.on("error", () => outgoing.destroy());
		incoming.pipe(passed);
	});
	server.on("connection", (socket) => {
		if (isDown) socket.destroy();
		sockets.add(socket);
		socket.on("close", () => sockets.delete(socket));
	});
	await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
	const address = server.address() as AddressInfo;
	return {
		origin: `http://127.0.0.1:${address.port}`,
		setDown(down) {
			isDown = down;
			if (down) for (const socket of sockets) socket.destroy();
		},
		count: (method, path) => seen.filter((line) => line.startsWith(`${method} `) && path.test(line)).length,
		close: () =>
			new Promise((closed) => {
				server.close(() => closed());
				server.closeAllConnections();
			}),
	};
}
