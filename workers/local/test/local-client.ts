/** Requests to a run, each of a client of its own so that no limiter sees one twice. */
export interface Client {
	send(path: string, init?: RequestInit): Promise<Response>;
	post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
	/** The Authorization header of a minted token. */
	bearer(query: string): Promise<Record<string, string>>;
}

export function createClient(origin: string): Client {
	let clients = 0;
	const send = (path: string, init: RequestInit = {}): Promise<Response> => {
		clients += 1;
		const headers = new Headers(init.headers);
		// A connection that is used again may be the one that the run is closing just then, on a machine that is busy.
		headers.set("Connection", "close");
		headers.set("CF-Connecting-IP", `10.1.${clients >> 8}.${clients & 255}`);
		return fetch(origin + path, { ...init, headers });
	};
	return {
		send,
		post: (path, body, headers = {}) =>
			send(path, {
				method: "POST",
				headers: { "Content-Type": "application/json", ...headers },
				body: JSON.stringify(body),
			}),
		bearer: async (query) => ({ Authorization: `Bearer ${await (await send(`/local/token?${query}`)).text()}` }),
	};
}

export async function answer(response: Response): Promise<{ status: number; body: unknown }> {
	return { status: response.status, body: await response.json() };
}
