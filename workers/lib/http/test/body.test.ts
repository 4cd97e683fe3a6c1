import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { clientKey } from "../client-ip.ts";
import { listVariable, numberVariable, requiredSecret, secret } from "../../env.ts";
import { unknownFields } from "../fields.ts";
import { readJsonObject, readOptionalJsonBytes } from "../body.ts";
import { isOriginAllowed, originFacts } from "../../site/origin.ts";
import { isWithinLimit, requireWithinLimit } from "../rate-limit.ts";
import { isSiteKey } from "../../site/site-key.ts";
import { codePoints, isStorable, truncate } from "../../text/text.ts";
import { errorResponse, finish } from "../serve.ts";
import { vendorBaseUrl } from "../../vendor/base-url.ts";

function post(
	body: BodyInit | null,
	headers: Record<string, string> = { "Content-Type": "application/json" },
): Request {
	return new Request("https://worker.example/", { method: "POST", body, headers });
}

describe("a JSON body", () => {
	it("is read as an object", async () => {
		expect(
			await readJsonObject(post('{"a":[1,"é"]}', { "Content-Type": "Application/JSON; charset=UTF-8" }), 100),
		).toEqual({ a: [1, "é"] });
	});

	it.each([
		["text/plain", { "Content-Type": "text/plain" }],
		["another charset", { "Content-Type": "application/json; charset=utf-16" }],
		["a form", { "Content-Type": "multipart/form-data; boundary=x" }],
		["compressed", { "Content-Type": "application/json", "Content-Encoding": "gzip" }],
	])("is refused as %s", async (_, headers) => {
		await expect(readJsonObject(post("{}", headers), 100)).rejects.toMatchObject({
			code: "unsupported_media_type",
			status: 415,
		});
	});

	it("is refused without a type", async () => {
		await expect(readJsonObject(post(new Uint8Array([123, 125]), {}), 100)).rejects.toMatchObject({
			code: "unsupported_media_type",
		});
	});

	it.each(["", "{", "[]", "null", '"text"', "1", "[".repeat(100_000), `{"a":${"[".repeat(100_000)}`])(
		"is refused as %.20s",
		async (text) => {
			await expect(readJsonObject(post(text), 200_000)).rejects.toMatchObject({ code: "invalid_json", status: 400 });
		},
	);

	it("is refused when it is not UTF-8", async () => {
		await expect(readJsonObject(post(new Uint8Array([0x7b, 0xff, 0x7d])), 100)).rejects.toMatchObject({
			code: "invalid_json",
		});
	});

	it("is measured by the bytes that arrive, not by what was announced", async () => {
		const chunk = new TextEncoder().encode("x".repeat(60));
		const endless = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(chunk) });
		await expect(readJsonObject(post(endless), 100)).rejects.toMatchObject({ code: "payload_too_large", status: 413 });
		expect(await readJsonObject(post(`{"a":"${"x".repeat(92)}"}`), 100)).toEqual({ a: "x".repeat(92) });
		await expect(readJsonObject(post(`{"a":"${"x".repeat(93)}"}`), 100)).rejects.toMatchObject({
			code: "payload_too_large",
		});
	});
});

describe("a JSON body that may be left out", () => {
	it.each([
		["left out", post(null, {})],
		["left out as HTTP says it", post(new Uint8Array(), { "Content-Length": "0" })],
		["empty", post("")],
	])("is nothing when %s", async (_, request) => {
		expect(await readOptionalJsonBytes(request, 100)).toEqual(new Uint8Array());
	});

	it("is read, and its type asked for, when it is there", async () => {
		expect(await readOptionalJsonBytes(post("{}"), 100)).toEqual(new Uint8Array([123, 125]));
		await expect(readOptionalJsonBytes(post("{}", { "Content-Type": "text/plain" }), 100)).rejects.toMatchObject({
			code: "unsupported_media_type",
		});
		await expect(readOptionalJsonBytes(post(new Uint8Array([123, 125]), {}), 100)).rejects.toMatchObject({
			code: "unsupported_media_type",
		});
	});
});

describe("a body's fields", () => {
	it("are named where they are unknown, by at most 100 characters", () => {
		const body: Record<string, unknown> = JSON.parse(`{"plan":1,"__proto__":2,"${"n".repeat(500)}":3}`);
		expect(unknownFields(body, ["plan"], "a checkout")).toEqual([
			{ field: "__proto__", message: "is not a field of a checkout; there are: plan" },
			{ field: "n".repeat(100), message: "is not a field of a checkout; there are: plan" },
		]);
		expect(unknownFields({ plan: 1 }, ["plan"], "a checkout")).toEqual([]);
	});
});

describe("an error answer", () => {
	it("hides what a fault of ours says", async () => {
		const response = finish(errorResponse(new Error("SELECT secret FROM t"), "id-1"), "id-1");
		expect(response.status).toBe(500);
		expect(await response.json()).toEqual({
			error: {
				code: "internal",
				message: "Something went wrong on our side; please try again, and name the request_id to support if it stays.",
				request_id: "id-1",
			},
		});
		expect(Object.fromEntries(response.headers)).toMatchObject({
			"cache-control": "no-store",
			"content-type": "application/json; charset=utf-8",
			"x-content-type-options": "nosniff",
			"x-request-id": "id-1",
		});
	});
});

describe("a client's key", () => {
	it.each([
		["203.0.113.9", "203.0.113.9"],
		["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
		["2001:db8:1:2::9", "2001:db8:1:2::/64"],
		["2001:DB8::1", "2001:db8:0:0::/64"],
		["::ffff:203.0.113.9", "0:0:0:0:0:ffff:cb00:7109"],
		["", "unknown"],
		["nonsense", "unknown"],
		["[::1]", "unknown"],
		["x".repeat(5000), "unknown"],
	])("of %.30s is %s", (address, key) => {
		expect(
			clientKey(
				new Request("https://w.example/", {
					headers: { "CF-Connecting-IP": address, "X-Forwarded-For": "198.51.100.1" },
				}),
			),
		).toBe(key);
	});
});

describe("an origin", () => {
	const facts = (origin: string | null) =>
		originFacts(new Request("https://w.example/", origin === null ? {} : { headers: { Origin: origin } }));

	it.each([
		["https://a.example", true, false],
		["https://a.example:8443", true, false],
		["https://a.example/", false, false],
		["https://a.example/path", false, false],
		["https://A.example", false, false],
		["https://user@a.example", false, false],
		["http://a.example", false, false],
		["http://localhost:3000", false, true],
		["http://127.0.0.1", false, true],
		["https://localhost", false, true],
		["http://localhost.evil.example", false, false],
		["null", false, false],
		["javascript:alert(1)", false, false],
	])("%s: https %s, local %s", (origin, isHttps, isLocal) => {
		expect(facts(origin)).toEqual({ value: origin, isHttps, isLocal });
	});

	it("is admitted by the site's list", () => {
		expect(isOriginAllowed(facts(null), [], "live")).toBe(true);
		expect(isOriginAllowed(facts("https://a.example"), null, "live")).toBe(true);
		expect(isOriginAllowed(facts("null"), null, "live")).toBe(false);
		expect(isOriginAllowed(facts("https://a.example"), ["https://b.example"], "live")).toBe(false);
		expect(isOriginAllowed(facts("http://localhost:1"), ["https://b.example"], "test")).toBe(true);
		expect(isOriginAllowed(facts("http://localhost:1"), ["https://b.example"], "live")).toBe(false);
	});
});

describe("a site key", () => {
	it.each([
		"sk_chadis_live_abc123",
		"sk_a_test_ABC",
		"sk_new-client_2_dev_x9Z",
		"sk_a_live_b_live_abc",
		`sk_a_live_${"a".repeat(64)}`,
	])("%.40s has the form", (key) => {
		expect(isSiteKey(key)).toBe(true);
	});

	it.each([
		"",
		"sk__live_abc",
		"sk_a_live_ab",
		"sk_A_live_abc",
		"sk_a_prod_abc",
		"sk_a_live_ab_",
		" sk_a_live_abc",
		"sk_a_live_abc\n",
		"sk_é_live_abc",
		`sk_a_live_${"a".repeat(65)}`,
		"sk_".repeat(20_000),
	])("%.40s has not", (key) => {
		expect(isSiteKey(key)).toBe(false);
	});
});

describe("a limiter", () => {
	it("stops a key over its limit and no other", async () => {
		const verdicts = [];
		for (let turn = 0; turn < 7; turn++) verdicts.push(await isWithinLimit(env.LIMITER, "LIMITER", "k1", "allow"));
		expect(verdicts).toEqual([true, true, true, true, true, false, false]);
		expect(await isWithinLimit(env.LIMITER, "LIMITER", "k2", "allow")).toBe(true);
		await expect(requireWithinLimit(env.LIMITER, "LIMITER", "k1", "allow")).rejects.toMatchObject({
			code: "rate_limited",
			headers: { "Retry-After": "60" },
		});
	});

	it("that fails lets through or refuses, as it is told", async () => {
		const broken = { limit: () => Promise.reject(new Error("down")) };
		expect(await isWithinLimit(broken, "LIMITER", "k", "allow")).toBe(true);
		await expect(isWithinLimit(broken, "LIMITER", "k", "refuse")).rejects.toMatchObject({ code: "unavailable" });
	});

	it("that is not bound is a fault of the set-up", async () => {
		await expect(isWithinLimit(undefined, "LIMITER", "k", "allow")).rejects.toMatchObject({
			code: "not_configured",
			reason: "LIMITER is missing or unusable",
		});
	});
});

describe("variables", () => {
	it("are trimmed, and blank ones absent", () => {
		expect([secret(" a\n"), secret(" "), secret(undefined)]).toEqual(["a", undefined, undefined]);
		expect(listVariable(" a, ,b ,")).toEqual(["a", "b"]);
		expect(() => requiredSecret(" ", "X_KEY")).toThrow(
			expect.objectContaining({ code: "not_configured", reason: "X_KEY is missing or unusable" }),
		);
	});

	it("that are numbers fail closed", () => {
		expect([
			numberVariable("12", "N", 5),
			numberVariable("", "N", 5),
			numberVariable(undefined, "N", 5),
			numberVariable("0", "N", 5),
		]).toEqual([12, 5, 5, 0]);
		for (const bad of ["1e9", "-1", "0x10", "1.5", "lots"]) expect(() => numberVariable(bad, "N", 5)).toThrow();
	});

	const rules = {
		variable: "GEMINI_BASE_URL",
		fallback: "https://generativelanguage.googleapis.com",
		domain: "googleapis.com",
	};

	it.each([
		[undefined, "https://generativelanguage.googleapis.com"],
		["https://generativelanguage.googleapis.com/", "https://generativelanguage.googleapis.com"],
		[
			"https://gateway.ai.cloudflare.com/v1/acc/gw/google-ai-studio",
			"https://gateway.ai.cloudflare.com/v1/acc/gw/google-ai-studio",
		],
	])("that are a vendor's URL: %s", (value, expected) => {
		expect(vendorBaseUrl(value, { ...rules, environment: "production" })).toBe(expected);
	});

	it.each([
		"http://generativelanguage.googleapis.com",
		"https://evilgoogleapis.com",
		"https://googleapis.com.evil.example",
		"https://user:pass@generativelanguage.googleapis.com",
		"https://generativelanguage.googleapis.com:8443",
		"https://generativelanguage.googleapis.com/?x=",
		"http://127.0.0.1:8787",
		"http://localhost:1",
		"not a url",
	])("that would send the key elsewhere: %s", (value) => {
		expect(() => vendorBaseUrl(value, { ...rules, environment: "production" })).toThrow(
			expect.objectContaining({ code: "not_configured" }),
		);
	});

	it("may name this machine in development only", () => {
		expect(vendorBaseUrl("http://127.0.0.1:8787", { ...rules, environment: "development" })).toBe(
			"http://127.0.0.1:8787",
		);
		expect(() => vendorBaseUrl("http://127.0.0.1:8787", { ...rules, environment: "staging" })).toThrow();
	});
});

describe("a text", () => {
	it("is counted and cut by code points", () => {
		expect([codePoints(""), codePoints("aé😀"), codePoints("\ud83d")]).toEqual([0, 3, 1]);
		expect([truncate("😀😀😀", 2), truncate("ab", 5)]).toEqual(["😀😀", "ab"]);
	});

	it("is storable when it is well-formed and has no NUL", () => {
		expect([isStorable("é😀"), isStorable("a\ud83db"), isStorable("a\0b")]).toEqual([true, false, false]);
	});
});
