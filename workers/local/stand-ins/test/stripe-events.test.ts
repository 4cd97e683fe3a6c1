import { createServer } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { event, signStripeEvent } from "../stripe/stripe-events.ts";
import { harness } from "./harness.ts";
import { sdk } from "./stripe-sdk.ts";

const KEY = "sk_test_one";

describe("errors", () => {
	it("are of the SDK's own classes", async () => {
		const bench = harness();
		const stripe = sdk(bench);
		await bench.faults(KEY, { status: 401 }, { status: 429 }, { status: 500 }, { replace: "html" }, { reset: true });
		const types = [
			"StripeAuthenticationError",
			"StripeRateLimitError",
			"StripeAPIError",
			"StripeAPIError",
			"StripeConnectionError",
		];
		for (const type of types) await expect(stripe.prices.list()).rejects.toMatchObject({ type });
		await expect(stripe.prices.list()).resolves.toMatchObject({ object: "list" });
		await expect(sdk(bench, "sk_test_invalid").prices.list()).rejects.toMatchObject({
			type: "StripeAuthenticationError",
		});
	});
});

describe("signed events", () => {
	it("match a header computed elsewhere", async () => {
		const header = await signStripeEvent('{"id":"evt_1","object":"event"}', "whsec_test", 1_700_000_000);
		expect(header).toBe("t=1700000000,v1=4c15fb2a43f93ef61eaa3e0893866d57cad9cad4223242cfb96f362480cb4021");
		expect(await signStripeEvent('{"id":"evt_2","object":"event","note":"é✓😀"}', "whsec_test", 1_700_000_000)).toBe(
			"t=1700000000,v1=daf42fdef6a55f387d8cadd272bce42bda3a36603a1d4a15d04cfd8b4e296010",
		);
	});

	it("reach an endpoint, where the SDK accepts them", async () => {
		const received: { headers: IncomingHttpHeaders; body: string }[] = [];
		const server = createServer((request, response) => {
			let body = "";
			request.on("data", (chunk) => (body += chunk));
			request.on("end", () => {
				received.push({ headers: request.headers, body });
				response.writeHead(200).end("ok");
			});
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const address = server.address();
		const port = typeof address === "object" ? address?.port : 0;
		const sent = event(
			"customer.subscription.updated",
			{ id: "sub_1", object: "subscription" },
			{ livemode: false, now: 1_790_000_000 },
		);
		const answer = await harness().control("stripe/send", {
			url: `http://127.0.0.1:${port}/webhooks/stripe`,
			secret: "whsec_one",
			event: sent,
		});
		server.close();
		expect(await answer.json()).toEqual({ status: 200, body: "ok" });
		const { headers, body } = received[0] ?? { headers: {}, body: "" };
		const verified = await Stripe.webhooks.constructEventAsync(body, String(headers["stripe-signature"]), "whsec_one");
		expect(verified).toEqual(sent);
	});
});
