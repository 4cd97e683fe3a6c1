import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../lib/test/database.ts";
import { withExamples } from "../../lib/openapi/openapi-examples.ts";
import { qualityOf } from "../../lib/test/openapi-quality.ts";
import examples from "../openapi-examples.json";
import { conversationOpenapi, voiceOpenapi } from "../openapi.ts";
import { ask, descriptions, hear } from "./client.ts";
import { allowConversations } from "./d1.ts";

beforeEach(async () => {
	await resetDatabase(env.DB);
	await allowConversations();
});

const COMMON = ["GET /health", "GET /openapi.json", "GET /.well-known/security.txt"];

describe.each([
	["chadis-voice", "", withExamples(voiceOpenapi(), examples.voice), descriptions.voice, ["POST /"]],
	[
		"chadis-voice-conversation",
		"on",
		withExamples(conversationOpenapi(), examples.conversation),
		descriptions.conversation,
		["POST /", "POST /session", "POST /session/{id}/end"],
	],
])("the description of %s", (_, CONVERSATION, description, read, operations) => {
	it("is served to anyone, whole, and may be kept for five minutes", async () => {
		const answer = await ask({
			path: "/openapi.json",
			method: "GET",
			env: { CONVERSATION, DB: undefined, ELEVENLABS_API_KEY: undefined },
			headers: { Origin: "https://anyone.example" },
		});
		expect(answer.body).toEqual(description);
		expect(answer.status).toBe(200);
		expect(answer.headers.get("Cache-Control")).toBe("public, max-age=300");
	});

	it("stands beside whom to tell of a weakness, which needs neither a database nor a key", async () => {
		const answer = await hear({
			path: "/.well-known/security.txt",
			method: "GET",
			env: { CONVERSATION, DB: undefined, ELEVENLABS_API_KEY: undefined },
		});
		expect([answer.status, answer.headers.get("Content-Type")]).toEqual([200, "text/plain; charset=utf-8"]);
	});

	it("says of every operation and property what it is, and shows an example of each", () => {
		const { operations, properties, faults } = qualityOf(description);
		expect(faults).toEqual([]);
		expect(operations).toBeGreaterThanOrEqual(4);
		expect(properties).toBeGreaterThan(60);
	});

	it("names every operation that is served, and none that is not", async () => {
		expect(read.operations).toEqual([...operations, ...COMMON]);
		for (const operation of read.operations) {
			const [method = "", path = ""] = operation.split(" ");
			const other = method === "GET" ? "POST" : "GET";
			const answer = await ask({
				path: path.replace("{id}", crypto.randomUUID()),
				method: other,
				env: { CONVERSATION },
			});
			expect([operation, answer.status, answer.headers.get("Allow")]).toEqual([
				operation,
				405,
				method === "GET" ? "GET, HEAD, OPTIONS" : "POST, OPTIONS",
			]);
		}
		expect((await ask({ path: "/nothing", env: { CONVERSATION } })).status).toBe(404);
	});
});
