import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createPortal, NOW } from "./portal.ts";
import type { Portal } from "./portal.ts";
import { ROUTES } from "./routes.ts";
import { CHADIS, member, seedTwins } from "./seed.ts";

const DASHBOARD = "https://portal.koby.ai";

let portal: Portal;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
});

function corsOf({ headers }: { headers: Headers }) {
	return Object.fromEntries([...headers].filter(([name]) => name.startsWith("access-control-") || name === "vary"));
}

describe("CORS", () => {
	it("lets the listed dashboard read answers, and these headers of them", async () => {
		const answer = await portal.call("/portal/config", { as: member(CHADIS), headers: { Origin: DASHBOARD } });
		expect(corsOf(answer)).toEqual({
			"access-control-allow-origin": DASHBOARD,
			"access-control-expose-headers": "ETag, X-Request-Id, Retry-After, Server-Timing, Content-Disposition",
			vary: "Origin",
		});
	});

	it.each([
		"https://portal.koby.ai.evil.test",
		"https://evil-portal.koby.ai",
		"https://sub.portal.koby.ai",
		"http://portal.koby.ai",
		"https://portal.koby.ai:8443",
		"https://portal.koby.ai/",
		"HTTPS://PORTAL.KOBY.AI",
		"https://portal.koby.ai, https://evil.test",
		"null",
		"*",
		"http://localhost.evil.test:3000",
		"http://127.0.0.1.evil.test",
		"http://localhost:3000/",
		"http://localhost:80",
		"http://127.1:3000",
		"ftp://localhost:3000",
		"capacitor://localhost",
	])("lets no page of %s read anything", async (origin) => {
		for (const method of ["GET", "OPTIONS"]) {
			const headers = {
				Origin: origin,
				"Access-Control-Request-Method": "GET",
				"Access-Control-Request-Headers": "authorization",
			};
			expect(corsOf(await portal.call("/portal/config", { method, as: member(CHADIS), headers }))).toEqual({
				vary: "Origin",
			});
		}
	});

	it("takes several origins from the variable, and none from an empty one", async () => {
		const call = { headers: { Origin: "https://other.koby.ai" } };
		const listed = await portal.call("/health", {
			...call,
			env: { PORTAL_ORIGINS: `${DASHBOARD}, https://other.koby.ai` },
		});
		expect(listed.headers.get("Access-Control-Allow-Origin")).toBe("https://other.koby.ai");
		const unlisted = await portal.call("/health", { ...call, env: { PORTAL_ORIGINS: "" } });
		expect(unlisted.headers.get("Access-Control-Allow-Origin")).toBeNull();
	});

	it.each(["http://localhost:3000", "https://localhost", "http://127.0.0.1:5173", "http://[::1]:8080"])(
		"lets the page of a dashboard at %s read in development, and nowhere else",
		async (origin) => {
			const read = (environment: string) =>
				portal.call("/portal/config", {
					as: { ...member(CHADIS), claims: { azp: origin } },
					headers: { Origin: origin },
					env: { ENVIRONMENT: environment },
				});
			const local = await read("development");
			expect([local.status, local.headers.get("Access-Control-Allow-Origin")]).toEqual([200, origin]);
			for (const environment of ["staging", "production"])
				expect(corsOf(await read(environment)), environment).toEqual({ vary: "Origin" });
		},
	);

	it("answers a preflight of any path without a database, a key or a token", async () => {
		for (const path of [...ROUTES.map((route) => route.path), "/nowhere", "/health"]) {
			const answer = await portal.call(path, {
				method: "OPTIONS",
				headers: { Origin: DASHBOARD },
				env: { DB: undefined, CLERK_DOMAIN: undefined },
			});
			expect({ status: answer.status, text: answer.text, cors: corsOf(answer) }).toEqual({
				status: 204,
				text: "",
				cors: {
					"access-control-allow-headers": "Authorization, Content-Type, If-Match, If-None-Match",
					"access-control-allow-methods": "GET, HEAD, POST, PATCH, PUT, DELETE",
					"access-control-allow-origin": DASHBOARD,
					"access-control-expose-headers": "ETag, X-Request-Id, Retry-After, Server-Timing, Content-Disposition",
					"access-control-max-age": "7200",
					vary: "Origin",
				},
			});
		}
	});
});
