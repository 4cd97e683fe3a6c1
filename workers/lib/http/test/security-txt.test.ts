import { describe, expect, it } from "vitest";
import { securityTxt } from "../security-txt.ts";
import { finish, serve } from "../serve.ts";

const NOW = Date.parse("2026-11-29T15:00:00.000Z");
const URL_OF_IT = "https://chat.example/.well-known/security.txt?ver=1";

describe("security.txt", () => {
	it("names the contact, an end that moves on with the day, and its own address", async () => {
		const response = securityTxt(" mailto:security@example.com\n", URL_OF_IT, NOW);
		expect(await response.text()).toBe(
			[
				"Contact: mailto:security@example.com",
				"Expires: 2027-02-28T00:00:00.000Z",
				"Preferred-Languages: en",
				"Canonical: https://chat.example/.well-known/security.txt",
				"",
			].join("\n"),
		);
		expect(Object.fromEntries(response.headers)).toEqual({
			"content-type": "text/plain; charset=utf-8",
			"cache-control": "public, max-age=86400",
		});
		const tomorrow = await securityTxt("https://example.com/security", URL_OF_IT, NOW + 86_400_000).text();
		expect(tomorrow).toContain("Expires: 2027-03-01T00:00:00.000Z");
	});

	it("says nothing of where it belongs by plain http", async () => {
		const text = await securityTxt("tel:+1-201-555-0123", "http://localhost:8787/.well-known/security.txt", NOW).text();
		expect(text).not.toContain("Canonical");
	});

	it.each([undefined, "", " \n"])("is not there where nobody is named (%j)", (contact) => {
		expect(() => securityTxt(contact, URL_OF_IT, NOW)).toThrow(expect.objectContaining({ code: "not_found" }));
	});

	it.each([
		"security@example.com",
		"http://example.com/security",
		"javascript:alert(1)",
		"mailto:a@b.example\nContact: mailto:evil@example.com",
	])("is refused for a contact that is no URI of one line (%j)", (contact) => {
		expect(() => securityTxt(contact, URL_OF_IT, NOW)).toThrow(
			expect.objectContaining({ code: "not_configured", reason: "SECURITY_CONTACT is missing or unusable" }),
		);
	});
});

describe("a response", () => {
	const rules = {
		worker: "w",
		routeOf: () => "/",
		cors: { methods: "GET", headers: "", expose: "" },
		reader: () => null,
	};
	const context = { waitUntil: () => undefined };
	const served = (url: string, route: () => Promise<Response>, method = "GET") =>
		serve(new Request(url, { method }), rules, context, undefined, route);
	const answers: [string, () => Promise<Response>, string][] = [
		["an answer", () => Promise.resolve(new Response("{}")), "GET"],
		["an error", () => Promise.reject(new Error("broken")), "GET"],
		["a preflight", () => Promise.resolve(new Response("{}")), "OPTIONS"],
	];

	it.each(answers)("promises https by https alone, and may load nothing: %s", async (_, route, method) => {
		const [secure, plain] = await Promise.all(
			["https://chat.example/", "http://127.0.0.1:8787/"].map((url) => served(url, route, method)),
		);
		expect(secure?.headers.get("Strict-Transport-Security")).toBe("max-age=63072000");
		expect(plain?.headers.get("Strict-Transport-Security")).toBeNull();
		for (const response of [secure, plain])
			expect(response?.headers.get("Content-Security-Policy")).toBe(
				"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
			);
	});

	it("that is a page keeps the policy it came with", () => {
		const page = new Response("", { headers: { "Content-Security-Policy": "script-src 'self'" } });
		expect(finish(page, "id").headers.get("Content-Security-Policy")).toBe("script-src 'self'");
	});
});
