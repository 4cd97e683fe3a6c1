import { describe, expect, it } from "vitest";
import { clerkSettings, parseClerkDomain } from "../clerk-config.ts";

const CLERK = { issuer: "https://clerk.koby.ai", jwksUrl: "https://clerk.koby.ai/.well-known/jwks.json" };

describe("CLERK_DOMAIN", () => {
	it.each([
		"clerk.koby.ai",
		"https://clerk.koby.ai",
		"clerk.koby.ai/",
		"https://clerk.koby.ai/",
		" clerk.koby.ai\n",
		"Clerk.Koby.AI",
	])("accepts %j in production", (value) => {
		expect(parseClerkDomain(value, "production")).toEqual(CLERK);
	});

	it("accepts a development instance's host", () => {
		expect(parseClerkDomain("word-word-12.clerk.accounts.dev", "staging").issuer).toBe(
			"https://word-word-12.clerk.accounts.dev",
		);
	});

	it.each([
		"localhost",
		"localhost:8787",
		"http://localhost:8787/",
		"https://localhost:8787",
		"127.0.0.1:9000",
		"[::1]:9000",
	])("speaks http to the loopback host %j in development, and only there", (value) => {
		const host = value.replace(/^https?:\/\//, "").replace("/", "");
		expect(parseClerkDomain(value, "development")).toEqual({
			issuer: `http://${host}`,
			jwksUrl: `http://${host}/.well-known/jwks.json`,
		});
		expect(() => parseClerkDomain(value, "production")).toThrow(
			expect.objectContaining({ code: "not_configured", status: 503 }),
		);
		expect(() => parseClerkDomain(value, "staging")).toThrow(expect.objectContaining({ code: "not_configured" }));
	});

	it.each([
		undefined,
		"",
		"  ",
		"/",
		"https://",
		"clerk",
		"http://clerk.koby.ai",
		"ftp://clerk.koby.ai",
		"clerk.koby.ai//",
		"clerk.koby.ai/.well-known/jwks.json",
		"clerk.koby.ai?x=1",
		"clerk.koby.ai#x",
		"user@clerk.koby.ai",
		"clerk.koby.ai:8443",
		"clerk koby.ai",
		"clerk..koby.ai",
		"-clerk.koby.ai",
		"clerk.koby.ai.",
		"10.0.0.1",
		"clerk.localhost",
		"localhost:99999",
		"localhost.evil.test:1",
		"clerk.koby.ai,clerk.other.ai",
		`${"a.".repeat(130)}ai`,
	])("refuses %j, naming the variable in the log only", (value) => {
		expect(() => parseClerkDomain(value, "development")).toThrow(
			expect.objectContaining({
				code: "not_configured",
				status: 503,
				reason: "CLERK_DOMAIN is missing or unusable",
				message: expect.not.stringContaining("CLERK"),
			}),
		);
	});
});

describe("clerkSettings", () => {
	const variables = {
		environment: "production",
		domain: "clerk.koby.ai",
		jwtKey: undefined,
		authorizedParties: "",
		portalOrigins: "https://portal.koby.ai,https://beta.koby.ai",
		staffUserIds: undefined,
	};

	it.each([undefined, "", " ", ","])(
		"takes the dashboard's own origins where CLERK_AUTHORIZED_PARTIES is %j",
		(value) => {
			expect(clerkSettings({ ...variables, authorizedParties: value })).toMatchObject({
				authorizedParties: new Set(["https://portal.koby.ai", "https://beta.koby.ai"]),
				admitsLoopbackParties: false,
			});
		},
	);

	it("takes the parties that are named instead of the origins, never beside them", () => {
		const named = { ...variables, authorizedParties: "https://app.koby.ai" };
		for (const environment of ["production", "staging", "development"])
			expect(clerkSettings({ ...named, environment })).toMatchObject({
				authorizedParties: new Set(["https://app.koby.ai"]),
				admitsLoopbackParties: false,
			});
	});

	it("takes this machine's pages beside the origins in development alone", () => {
		const admits = ["production", "staging", "development", ""].map(
			(environment) => clerkSettings({ ...variables, environment }).admitsLoopbackParties,
		);
		expect(admits).toEqual([false, false, true, false]);
	});

	it("reads the lists, and a blank key as none", () => {
		const settings = clerkSettings({
			environment: "production",
			domain: "clerk.koby.ai",
			jwtKey: " ",
			authorizedParties: "https://portal.koby.ai, https://www.koby.ai,",
			portalOrigins: undefined,
			staffUserIds: "user_1,user_2",
		});
		expect(settings).toEqual({
			...CLERK,
			jwtKey: undefined,
			authorizedParties: new Set(["https://portal.koby.ai", "https://www.koby.ai"]),
			admitsLoopbackParties: false,
			staffUserIds: new Set(["user_1", "user_2"]),
		});
	});

	it("asks for the domain even when a key is pinned: the issuer is always compared", () => {
		const settings = { ...variables, domain: undefined, jwtKey: "pem" };
		expect(() => clerkSettings(settings)).toThrow(expect.objectContaining({ code: "not_configured" }));
	});
});
