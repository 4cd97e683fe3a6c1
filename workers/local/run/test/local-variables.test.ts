import { describe, expect, it } from "vitest";
import { standInOrigin } from "../settings.ts";
import type { LocalSettings } from "../settings.ts";
import { localVariables } from "../variables.ts";
import { localWorkers } from "../workers.ts";

const PORT = 8787;
const CODE = { portal: "", chat: "", voice: "", gateway: "", standIns: "" };

function workersWith(devVars: Record<string, string>) {
	const settings: LocalSettings = {
		port: PORT,
		stateDir: "state",
		isVerbose: false,
		devVars: new Map(Object.entries(devVars)),
	};
	return localWorkers(settings, localVariables(settings.devVars, standInOrigin(PORT)));
}

/** The bindings that each worker gets, by its name. */
function bindings(devVars: Record<string, string> = {}): Record<string, Record<string, unknown>> {
	const { options } = workersWith(devVars);
	return Object.fromEntries(options(CODE).map((worker) => [String(worker.name), { ...worker.bindings }]));
}

describe("with no keys", () => {
	it("every deployment is in development and finds its vendors on this machine", () => {
		const all = bindings();
		expect(Object.keys(all)).toEqual([
			"gateway",
			"koby-portal",
			"chadis-chat",
			"chadis-voice",
			"chadis-voice-conversation",
			"stand-ins",
		]);
		expect(all["koby-portal"]).toMatchObject({
			ENVIRONMENT: "development",
			CLERK_DOMAIN: "127.0.0.1:8787",
			CLERK_API_URL: "http://127.0.0.1:8787",
			STRIPE_API_BASE: "http://127.0.0.1:8787",
			GEMINI_BASE_URL: "http://127.0.0.1:8787",
		});
		expect(all["chadis-chat"]).toMatchObject({
			ENVIRONMENT: "development",
			GEMINI_BASE_URL: "http://127.0.0.1:8787",
			VERTEX_BASE_URL: "http://127.0.0.1:8787",
			VERTEX_SERVICE_ACCOUNT: expect.stringContaining('"token_uri":"http://127.0.0.1:8787/token"'),
			COVERED_HOSTS: "127.0.0.1",
		});
		expect(all["chadis-voice"]).toMatchObject({
			ENVIRONMENT: "development",
			ELEVENLABS_BASE_URL: "http://127.0.0.1:8787",
			CONVERSATION: "off",
		});
		expect(all["chadis-voice-conversation"]).toMatchObject({
			ENVIRONMENT: "development",
			ELEVENLABS_BASE_URL: "http://127.0.0.1:8787",
			CONVERSATION: "on",
			ELEVENLABS_AGENT_ID: "agent_local",
		});
	});

	it("secrets are made up anew, and each worker gets only its own", () => {
		const [one, other] = [bindings(), bindings()];
		expect(one["koby-portal"]).toMatchObject({
			STRIPE_SECRET_KEY: expect.stringMatching(/^sk_test_[0-9a-f]{48}$/),
			STRIPE_WEBHOOK_SECRET: expect.stringMatching(/^whsec_[0-9a-f]{48}$/),
		});
		expect(one["koby-portal"]?.STRIPE_SECRET_KEY).not.toBe(other["koby-portal"]?.STRIPE_SECRET_KEY);
		expect(one["gateway"]?.STRIPE_WEBHOOK_SECRET).toBe(one["koby-portal"]?.STRIPE_WEBHOOK_SECRET);
		const secrets = (name: string): string[] =>
			Object.keys(one[name] ?? {}).filter((key) => /_KEY$|_SECRET$/.test(key) && one[name]?.[key] !== "");
		expect(one["koby-portal"]?.GEMINI_API_KEY).toBe(one["chadis-chat"]?.GEMINI_API_KEY);
		expect(["chadis-chat", "chadis-voice", "chadis-voice-conversation", "stand-ins"].map(secrets)).toEqual([
			["GEMINI_API_KEY"],
			["ELEVENLABS_API_KEY"],
			["ELEVENLABS_API_KEY"],
			// What it signs Stripe's events with.
			["STRIPE_WEBHOOK_SECRET"],
		]);
	});

	it("people pay, and come back, on this machine", () => {
		expect(bindings()).toMatchObject({
			"koby-portal": { PORTAL_URL: "http://localhost:8787" },
			"stand-ins": {
				STRIPE_PAGES: "http://localhost:8787",
				STRIPE_WEBHOOK_URL: "http://127.0.0.1:8787/webhooks/stripe",
			},
		});
		expect(bindings({ PORTAL_URL: "http://localhost:3000" })["koby-portal"]?.PORTAL_URL).toBe("http://localhost:3000");
	});

	it("with a key of Stripe's own the stand-in has no pages and no secret", () => {
		const all = bindings({ STRIPE_SECRET_KEY: "sk_test_real", STRIPE_WEBHOOK_SECRET: "whsec_real" });
		expect(all["stand-ins"]).toEqual({ CHUNK_GAP_MS: expect.any(String) });
	});

	it("the dashboard and this address are admitted beside production's origins", () => {
		expect(bindings()["koby-portal"]?.PORTAL_ORIGINS).toBe(
			"https://portal.koby.ai,http://localhost:3000,http://localhost:8787,http://127.0.0.1:8787",
		);
	});

	it("what goes with a missing key is not used, so that nothing of a vendor's reaches a stand-in, and is named", () => {
		const devVars = {
			STRIPE_WEBHOOK_SECRET: "of-the-vendor",
			CLERK_SECRET_KEY: "of-the-vendor",
			GEMINI_BASE_URL: "https://elsewhere.example",
			MISSPELT: "1",
		};
		const values = Object.values(bindings(devVars)).flatMap((worker) => Object.values(worker));
		expect(values.filter((value) => value === "of-the-vendor" || value === "https://elsewhere.example")).toEqual([]);
		expect(workersWith({ ...devVars, GEMINI_TIMEOUT_MS: "5000" }).unused).toEqual(Object.keys(devVars));
	});
});

describe("with a key", () => {
	it("its vendor is called, at the vendor's address, and the others' stand-ins stay", () => {
		const all = bindings({ GEMINI_API_KEY: "of-the-vendor" });
		expect(all["chadis-chat"]).toMatchObject({
			GEMINI_API_KEY: "of-the-vendor",
			GEMINI_BASE_URL: "https://generativelanguage.googleapis.com",
		});
		expect(all["gateway"]).toMatchObject({ STAND_IN_VENDORS: "Clerk,Stripe,Vertex AI,ElevenLabs" });
	});

	it("nothing is made up beside it", () => {
		const all = bindings({
			STRIPE_SECRET_KEY: "of-the-vendor",
			ELEVENLABS_API_KEY: "of-the-vendor",
			CLERK_DOMAIN: "clerk.example.com",
		});
		expect(all["koby-portal"]).toMatchObject({
			STRIPE_SECRET_KEY: "of-the-vendor",
			STRIPE_API_BASE: "https://api.stripe.com",
			CLERK_API_URL: "https://api.clerk.com",
		});
		expect(all["koby-portal"]).not.toHaveProperty("STRIPE_WEBHOOK_SECRET");
		expect(all["koby-portal"]).not.toHaveProperty("CLERK_SECRET_KEY");
		expect(all["gateway"]).not.toHaveProperty("STRIPE_SECRET_KEY");
		expect(all["chadis-voice-conversation"]?.ELEVENLABS_AGENT_ID).toBe("");
	});
});

it("any other variable of the tomls can be set", () => {
	const { "chadis-chat": chat, "koby-portal": portal } = bindings({
		GEMINI_TIMEOUT_MS: "5000",
		PORTAL_ORIGINS: "http://localhost:4000",
		ENVIRONMENT: "production",
	});
	expect([chat?.GEMINI_TIMEOUT_MS, portal?.PORTAL_ORIGINS, portal?.ENVIRONMENT]).toEqual([
		"5000",
		"http://localhost:4000",
		"development",
	]);
});
