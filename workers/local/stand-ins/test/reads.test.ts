import { describe, expect, it } from "vitest";
import { harness } from "./harness.ts";
import type { Harness } from "./harness.ts";

const STRIPE = { authorization: "Bearer sk_test_reads" };
const ELEVENLABS = { "xi-api-key": "key-reads" };
const GEMINI = { "x-goog-api-key": "key-reads" };

async function get({ fetch }: Harness, url: string, headers: Record<string, string>) {
	const response = await fetch(url, { headers });
	return { status: response.status, body: JSON.parse(await response.text()) };
}

describe("what is set up at a vendor is read back", () => {
	it("of Stripe: where events go, the customer portal, and whether a price's product is sold", async () => {
		const stripe = harness();
		const of = (path: string) => get(stripe, `https://api.stripe.com/v1/${path}`, STRIPE);
		expect((await of("webhook_endpoints")).body).toEqual({
			...{ object: "list", url: "/v1/webhook_endpoints", has_more: false, data: [] },
		});
		expect((await of("billing_portal/configurations")).body.data).toMatchObject([{ active: true, is_default: true }]);
		await stripe.control("stripe/state", {
			credential: "sk_test_reads",
			webhook_endpoints: [{ id: "we_1", url: "https://a.example/", enabled_events: ["invoice.paid"] }],
			portal_configurations: [{ active: false }],
			prices: [{ id: "price_x", lookup_key: "x", product: "prod_x" }],
			products: [{ id: "prod_x", active: false }],
		});
		expect((await of("webhook_endpoints")).body.data).toMatchObject([
			{ id: "we_1", url: "https://a.example/", status: "enabled", enabled_events: ["invoice.paid"], livemode: false },
		]);
		expect((await of("billing_portal/configurations")).body.data).toEqual([]);
		const { body } = await of("prices?lookup_keys[]=x&expand[]=data.product");
		expect(body.data).toMatchObject([{ lookup_key: "x", active: true, product: { id: "prod_x", active: false } }]);
	});

	it("of Gemini: a model, or that there is none", async () => {
		const of = (model: string) =>
			get(harness(), `https://generativelanguage.googleapis.com/v1beta/models/${model}`, GEMINI);
		expect(await of("gemini-3.5-flash-lite")).toMatchObject({
			status: 200,
			body: { name: "models/gemini-3.5-flash-lite", supportedGenerationMethods: ["generateContent"] },
		});
		expect((await of("gemini-embedding-2")).body).toMatchObject({ supportedGenerationMethods: ["embedContent"] });
		expect((await of("gemini-2.0-flash")).status).toBe(404);
		expect((await get(harness(), "https://generativelanguage.googleapis.com/v1beta/models/x", {})).status).toBe(403);
	});

	it("of ElevenLabs: voices and agents, who are private and capped unless a test says otherwise", async () => {
		const elevenlabs = harness();
		const of = (path: string) => get(elevenlabs, `https://api.elevenlabs.io/v1/${path}`, ELEVENLABS);
		expect((await of("voices/hpp4J3VqNfWAUOO0d1Us")).body).toMatchObject({ category: "premade" });
		expect((await of("voices/missingmissingmissin")).status).toBe(404);
		expect((await of("convai/agents/agent_one")).body).toMatchObject({
			conversation_config: { conversation: { max_duration_seconds: 600 } },
			platform_settings: { auth: { enable_auth: true }, privacy: { zero_retention_mode: false } },
		});
		await elevenlabs.control("elevenlabs/agents", { id: "agent_one", auth: { enable_auth: false } });
		await elevenlabs.control("elevenlabs/agents", { id: "agent_two", missing: true });
		expect((await of("convai/agents/agent_one")).body).toMatchObject({
			platform_settings: { auth: { enable_auth: false } },
		});
		expect((await of("convai/agents/agent_two")).status).toBe(404);
		expect((await get(elevenlabs, "https://api.elevenlabs.io/v1/convai/agents/agent_one", {})).status).toBe(401);
	});

	it("of Clerk: the keys of an instance by its secret key", async () => {
		const clerk = harness();
		const secret = { authorization: "Bearer sk_test_reads" };
		const { body } = await get(clerk, "https://api.clerk.com/v1/jwks", secret);
		const host = await get(clerk, "https://happy-cat-1.clerk.accounts.dev/.well-known/jwks.json", {});
		expect(body).toEqual(host.body);
		expect((await get(clerk, "https://api.clerk.com/v1/jwks", {})).status).toBe(401);
	});
});
