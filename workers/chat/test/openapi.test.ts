import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { isObject } from "../../lib/http/json.ts";
import { resetDatabase } from "../../lib/test/database.ts";
import { readDescription } from "../../lib/test/openapi.ts";
import { withExamples } from "../../lib/openapi/openapi-examples.ts";
import { qualityOf } from "../../lib/test/openapi-quality.ts";
import examples from "../openapi-examples.json";
import { chatOpenapi } from "../openapi.ts";
import { description, newClient, expectError } from "./client.ts";

beforeEach(() => resetDatabase(env.DB));

const call = { method: "GET", path: "/openapi.json" };
const PATH_ID = crypto.randomUUID();

describe("the description", () => {
	it("is served to anyone, whole, and may be kept for five minutes", async () => {
		const response = await newClient().call({
			...call,
			origin: "https://anyone.example",
			env: { DB: undefined, GEMINI_API_KEY: undefined },
		});
		expect(await response.json()).toEqual(withExamples(chatOpenapi(), examples));
		expect(response.status).toBe(200);
		expect(Object.fromEntries(response.headers)).toMatchObject({
			"cache-control": "public, max-age=300",
			"content-type": "application/json; charset=utf-8",
			"access-control-allow-origin": "https://anyone.example",
		});
	});

	it("says of every operation and property what it is, and shows an example of each", () => {
		const { operations, properties, faults } = qualityOf(withExamples(chatOpenapi(), examples));
		expect(faults).toEqual([]);
		expect(operations).toBeGreaterThanOrEqual(13);
		expect(properties).toBeGreaterThan(240);
	});

	it("names every operation that is served, and none that is not", async () => {
		expect(description.operations).toEqual([
			...["POST /", "GET /sessions/{id}", "DELETE /sessions/{id}", "POST /feedback", "POST /leads"],
			...["GET /config", "GET /widget.js", "GET /widget/{name}.{digest}.js", "GET /widget.d.ts"],
			...["GET /widget.{version}.js", "GET /health", "GET /openapi.json", "GET /.well-known/security.txt"],
		]);
		for (const operation of description.operations) {
			const [method = "", path = ""] = operation.split(" ");
			const { status } = await newClient().call({
				method,
				path: path
					.replace("{id}", PATH_ID)
					.replace("{version}", "0123456789abcdef")
					.replace("{name}.{digest}", "panel.00000000"),
				body: "{}",
			});
			expect({ operation, isServed: status !== 405 }).toEqual({ operation, isServed: true });
		}
		// A 405 must name the described methods and no others: `checkAnswer` sees to it.
		for (const path of new Set(description.operations.map((operation) => operation.split(" ")[1] ?? ""))) {
			expect(
				(
					await newClient().call({
						method: "PUT",
						path: path
							.replace("{id}", PATH_ID)
							.replace("{version}", "0123456789abcdef")
							.replace("{name}.{digest}", "panel.00000000"),
					})
				).status,
			).toBe(405);
		}
	});

	it("refers to nothing that it does not hold, and holds nothing that nobody refers to", () => {
		const text = JSON.stringify(chatOpenapi());
		const named = new Set([...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name));
		const { components } = chatOpenapi();
		const held = isObject(components) && isObject(components.schemas) ? Object.keys(components.schemas) : [];
		expect([...named].sort()).toEqual(held.sort());
	});
});

describe("an answer that is not as described", () => {
	const headers = (type = "application/json; charset=utf-8") =>
		new Headers({ "X-Request-Id": "r", "Content-Type": type });
	const health = {
		method: "GET",
		path: "/health",
		status: 200,
		headers: headers(),
		text: '{"status":"ok","worker":"chadis-chat","checks":{"db":"ok"}}',
	};
	const error = (code: string) => JSON.stringify({ error: { code, message: "m", request_id: "r" } });

	it("is found out, and one that is as described is not", () => {
		expect(() => description.checkAnswer(health)).not.toThrow();
		expect(() => description.checkAnswer({ ...health, status: 429, text: error("rate_limited") })).not.toThrow();
		expect(() => description.checkEvent("POST", "/", "delta", { text: "a" })).not.toThrow();
	});

	it.each([
		["a field too many", { text: '{"status":"ok","worker":"chadis-chat","checks":{},"version":1}' }, "status|version"],
		["a field too few", { text: '{"status":"ok","checks":{}}' }, "worker"],
		["another value", { text: '{"status":"fine","worker":"chadis-chat","checks":{}}' }, "status"],
		["another status", { status: 418 }, "not described"],
		["another type", { headers: headers("text/html") }, "text/html"],
		["a code that its operation never gives", { status: 429, text: error("quota_exceeded") }, "code"],
		["an error without its envelope", { status: 429, text: '{"message":"m"}' }, "error"],
		["no request id", { headers: new Headers() }, "X-Request-Id"],
		["a path that nobody serves", { path: "/nothing" }, "not described"],
		[
			"a method that it does not name",
			{ method: "POST", status: 405, text: error("method_not_allowed") },
			"not described",
		],
		[
			"a body where none is described",
			{ method: "DELETE", path: `/sessions/${PATH_ID}`, status: 204, text: "{}" },
			"body",
		],
	])("by %s", (_, change, found) => {
		expect(() => description.checkAnswer({ ...health, ...change })).toThrow(new RegExp(found));
	});

	it.each([
		["pong", {}, "not described"],
		["delta", { text: "a", more: 1 }, "more|text"],
		["done", { response: "a" }, "session_id|required"],
	])("by an event %s of %j", (event, data, found) => {
		expect(() => description.checkEvent("POST", "/", event, data)).toThrow(new RegExp(found));
	});

	it("is found out in any description", () => {
		const own = readDescription({
			paths: {
				"/a/{id}": {
					get: {
						responses: { "200": { content: { "application/json": { schema: { type: "object", properties: {} } } } } },
					},
				},
			},
			components: {},
		});
		expect(own.operations).toEqual(["GET /a/{id}"]);
		const answer = { method: "HEAD", path: "/a/1", status: 200, headers: headers(), text: "" };
		expect(() => own.checkAnswer(answer)).not.toThrow();
		expect(() => own.checkAnswer({ ...answer, path: "/a/1/2" })).toThrow("not described");
		expect(() => own.checkAnswer({ ...answer, text: '{"a":1}' })).toThrow("a");
	});

	it("stands beside whom to tell of a weakness, which needs neither a database nor a key", async () => {
		const env = { DB: undefined, GEMINI_API_KEY: undefined };
		const path = "/.well-known/security.txt";
		const response = await newClient().call({ method: "GET", path, host: "chat.test", env });
		expect(await response.text()).toMatch(
			/^Contact: mailto:security@koby\.ai\nExpires: .*\n.*\nCanonical: https:\/\/chat\.test\/\.well-known\/security\.txt\n$/,
		);
		const unnamed = await newClient().call({ method: "GET", path, env: { ...env, SECURITY_CONTACT: "" } });
		await expectError(unnamed, 404, "not_found");
	});
});
