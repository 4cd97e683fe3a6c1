import { describe, expect, it, vi } from "vitest";
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
	it("warns once when production names no authorized parties", async () => {
		// Once in the life of a runtime, whose earlier tests may have had it.
		vi.resetModules();
		const { clerkSettings } = await import("../clerk-config.ts");
		const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
		const variables = { domain: "clerk.koby.ai", jwtKey: undefined, authorizedParties: "", staffUserIds: undefined };
		clerkSettings({ ...variables, environment: "staging" });
		clerkSettings({ ...variables, environment: "production", authorizedParties: "https://portal.koby.ai" });
		expect(warn).not.toHaveBeenCalled();
		for (let count = 0; count < 2; count++) clerkSettings({ ...variables, environment: "production" });
		expect(warn.mock.calls).toEqual([['{"level":"warn","event":"clerk_authorized_parties_not_set"}']]);
		warn.mockRestore();
	});

	it("reads the lists, and a blank key as none", () => {
		const settings = clerkSettings({
			environment: "production",
			domain: "clerk.koby.ai",
			jwtKey: " ",
			authorizedParties: "https://portal.koby.ai, https://www.koby.ai,",
			staffUserIds: "user_1,user_2",
		});
		expect(settings).toEqual({
			...CLERK,
			jwtKey: undefined,
			authorizedParties: new Set(["https://portal.koby.ai", "https://www.koby.ai"]),
			staffUserIds: new Set(["user_1", "user_2"]),
		});
	});

	it("asks for the domain even when a key is pinned: the issuer is always compared", () => {
		const settings = {
			environment: "production",
			domain: undefined,
			jwtKey: "pem",
			authorizedParties: undefined,
			staffUserIds: undefined,
		};
		expect(() => clerkSettings(settings)).toThrow(expect.objectContaining({ code: "not_configured" }));
	});
});
