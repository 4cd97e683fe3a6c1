import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import type { JSONWebKeySet } from "jose";
import { describe, expect, it } from "vitest";
import { createSigningKey, sessionClaims, signToken } from "../clerk/clerk-token.ts";
import type { TokenRequest } from "../clerk/clerk-token.ts";
import { harness } from "./harness.ts";
import type { Harness } from "./harness.ts";

const HOST = "happy-cat-1.clerk.accounts.dev";
const MEMBERS = "https://api.clerk.com/v1/organizations/org_2abc/memberships";
const KEY = { authorization: "Bearer sk_test_one" };

async function mint({ control }: Harness, request: Omit<TokenRequest, "host">, host = HOST): Promise<string> {
	const { token }: { token: string } = JSON.parse(await (await control("clerk/token", { host, ...request })).text());
	return token;
}

async function keysOf({ fetch }: Harness, host = HOST): Promise<JSONWebKeySet> {
	const response = await fetch(`https://${host}/.well-known/jwks.json`);
	const keys: JSONWebKeySet = JSON.parse(await response.text());
	return keys;
}

describe("session tokens", () => {
	it("verify against the served keys, version 2 with its own organization claim", async () => {
		const clerk = harness();
		const token = await mint(clerk, {
			user_id: "user_1",
			org_id: "org_1",
			org_role: "org:admin",
			metadata: { role: "staff" },
		});
		const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(await keysOf(clerk)), {
			issuer: `https://${HOST}`,
			algorithms: ["RS256"],
			typ: "JWT",
			requiredClaims: ["exp", "iat", "nbf", "sub", "sid", "azp"],
		});
		expect(protectedHeader).toEqual({
			alg: "RS256",
			cat: "cl_B7d4PD111AAA",
			kid: expect.stringMatching(/^ins_\w{27}$/),
			typ: "JWT",
		});
		const { iat = 0, exp, nbf } = payload;
		expect([exp, nbf]).toEqual([iat + 60, iat - 10]);
		expect(payload).toMatchObject({
			sub: "user_1",
			v: 2,
			o: { id: "org_1", rol: "admin" },
			metadata: { role: "staff" },
		});
		expect(payload).not.toHaveProperty("org_id");
	});

	it("of version 1 name the organization flat, the role prefixed", async () => {
		const payload = decodeJwt(
			await mint(harness(), { user_id: "user_1", org_id: "org_1", org_role: "admin", org_slug: "one", version: 1 }),
		);
		expect(payload).toMatchObject({ org_id: "org_1", org_role: "org:admin", org_slug: "one", org_permissions: [] });
		expect(payload).not.toHaveProperty("v");
		expect(payload).not.toHaveProperty("o");
	});

	it.each([1, 2] as const)("of version %i have no organization claims without an active one", async (version) => {
		const payload = decodeJwt(await mint(harness(), { user_id: "user_1", version }));
		expect(Object.keys(payload).filter((name) => name === "o" || name.startsWith("org_"))).toEqual([]);
	});

	it("take claims and header fields laid over, and lose those set to null", async () => {
		const token = await mint(harness(), {
			user_id: "user_1",
			claims: { sts: "pending", azp: null },
			header: { cat: null, typ: "at+jwt" },
		});
		expect(decodeProtectedHeader(token)).toEqual({ alg: "RS256", kid: expect.any(String), typ: "at+jwt" });
		const payload = decodeJwt(token);
		expect(payload.sts).toBe("pending");
		expect(payload).not.toHaveProperty("azp");
	});

	it("of a loopback host are issued under http", async () => {
		const payload = decodeJwt(await mint(harness(), { user_id: "user_1" }, "127.0.0.1:8788"));
		expect(payload.iss).toBe("http://127.0.0.1:8788");
	});

	it("are not minted for a host whose private key is elsewhere", async () => {
		const { control } = harness();
		const { publicJwk } = await createSigningKey();
		await control("clerk/keys", { host: HOST, keys: [publicJwk] });
		const refused = await control("clerk/token", { host: HOST, user_id: "user_1" });
		expect(refused.status).toBe(400);
		expect(await refused.json()).toEqual({ error: `${HOST} has keys of its own: sign with them.` });
	});
});

describe("keys", () => {
	it("of a host are what a test sets, and rotate", async () => {
		const clerk = harness();
		const host = "clerk.koby.ai";
		const [old, fresh] = [await createSigningKey("ins_same"), await createSigningKey("ins_same")];
		await clerk.control("clerk/keys", { host, keys: [old.publicJwk] });
		expect(await keysOf(clerk, host)).toEqual({ keys: [old.publicJwk] });
		await clerk.control("clerk/keys", { host, keys: [fresh.publicJwk] });
		const token = await signToken(fresh, sessionClaims({ host, user_id: "user_1" }, Math.floor(Date.now() / 1000)));
		const { payload } = await jwtVerify(token, createLocalJWKSet(await keysOf(clerk, host)));
		expect(payload.sub).toBe("user_1");
	});

	it("fail by the fault of their host alone", async () => {
		const { fetch, faults } = harness();
		await faults(HOST, { status: 503 });
		expect((await fetch("https://other.clerk.accounts.dev/.well-known/jwks.json")).status).toBe(200);
		expect((await fetch(`https://${HOST}/.well-known/jwks.json`)).status).toBe(503);
		expect((await fetch(`https://${HOST}/.well-known/jwks.json`)).status).toBe(200);
	});
});

describe("memberships", () => {
	it("come in pages with the total, private fields included", async () => {
		const { fetch, control } = harness();
		const members = Array.from({ length: 12 }, (_, index) => ({
			user_id: `user_${index}`,
			role: index === 0 ? "admin" : "org:member",
			identifier: "a@b.example",
		}));
		await control("clerk/members", { org_id: "org_2abc", members });
		const first = JSON.parse(await (await fetch(MEMBERS, { headers: KEY })).text());
		expect([first.data.length, first.total_count]).toEqual([10, 12]);
		expect(first.data[0]).toMatchObject({
			id: expect.stringMatching(/^orgmem_/),
			role: "org:admin",
			private_metadata: { note: expect.any(String) },
			organization: { id: "org_2abc" },
			public_user_data: { user_id: "user_0", first_name: null, identifier: "a@b.example" },
		});
		const rest = JSON.parse(await (await fetch(`${MEMBERS}?limit=10&offset=10`, { headers: KEY })).text());
		expect(rest.data.map((one: { public_user_data: { user_id: string } }) => one.public_user_data.user_id)).toEqual([
			"user_10",
			"user_11",
		]);
	});

	it.each([
		["without a key", {}, "", 401, "clerk_key_invalid"],
		["with an invalid key", { authorization: "Bearer sk_test_invalid" }, "", 401, "clerk_key_invalid"],
		["for an unknown organization", KEY, "", 404, "resource_not_found"],
	])("are refused %s", async (_name, headers, query, status, code) => {
		const response = await harness().fetch(MEMBERS + query, { headers });
		expect(response.status).toBe(status);
		expect(await response.json()).toEqual({
			errors: [{ message: expect.any(String), long_message: expect.any(String), code }],
			clerk_trace_id: expect.stringMatching(/^[a-z0-9]{32}$/),
		});
	});

	it("refuse a limit over 500", async () => {
		const { fetch, control } = harness();
		await control("clerk/members", { org_id: "org_2abc", members: [] });
		expect((await fetch(`${MEMBERS}?limit=501`, { headers: KEY })).status).toBe(422);
		expect(await (await fetch(`${MEMBERS}?limit=500`, { headers: KEY })).json()).toEqual({ data: [], total_count: 0 });
	});
});
