import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { mintToken } from "../../lib/test/tokens.ts";
import { createPortal, inOneMinute, NOW, randomAddress, refusal, withoutRequestId } from "./portal.ts";
import type { Portal } from "./portal.ts";
import { CHADIS, member, seedTwins } from "./seed.ts";

let portal: Portal;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
});

describe("limits", () => {
	it.each(["/health", "/openapi.json", "/.well-known/security.txt"])(
		"tell an address that sent 60 requests to wait: %s",
		async (path) => {
			await inOneMinute();
			const headers = { "CF-Connecting-IP": randomAddress() };
			const statuses: number[] = [];
			for (let n = 0; n < 61; n++) statuses.push((await portal.call(path, { headers, env: { DB: env.DB } })).status);
			expect(statuses).toEqual([...Array(60).fill(200), 429]);
		},
	);

	it("tells an address that sent 60 refused tokens to wait, while a good token from there still passes", async () => {
		await inOneMinute();
		const headers = { "CF-Connecting-IP": randomAddress() };
		const statuses: number[] = [];
		for (let n = 0; n < 61; n++)
			statuses.push((await portal.call("/portal/config", { headers, authorization: "Bearer garbage" })).status);
		expect(statuses).toEqual([...Array(60).fill(401), 429]);
		const last = await portal.call("/portal/config", { headers });
		expect(withoutRequestId(last)).toEqual(
			refusal("rate_limited", "Too many requests; please wait a minute and try again."),
		);
		expect(last.headers.get("Retry-After")).toBe("60");
		expect((await portal.call("/portal/config", { headers, as: member(CHADIS) })).status).toBe(200);
	});

	it("tells a user who sent 300 requests in a minute to wait", async () => {
		await inOneMinute();
		const token = await mintToken({ ...portal.good, userId: `user_busy${crypto.randomUUID().replaceAll("-", "")}` });
		const statuses: number[] = [];
		for (let n = 0; n < 301; n++)
			statuses.push((await portal.call("/portal/config", { authorization: `Bearer ${token}` })).status);
		expect(statuses).toEqual([...Array(300).fill(403), 429]);
	});
});
