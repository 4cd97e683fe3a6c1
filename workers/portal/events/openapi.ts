import { closedObjectSchema, errorResponses, jsonContent } from "../../lib/http/openapi.ts";
import type { OpenapiRoom } from "../../lib/http/openapi.ts";
import { TEXT, ofAnyone } from "../request/openapi-parts.ts";

const WEBHOOK = {
	summary: "For Stripe alone: its snapshot events",
	parameters: [{ name: "Stripe-Signature", in: "header", required: true, schema: TEXT }],
	requestBody: { required: true, content: jsonContent({ type: "object" }) },
	responses: {
		"200": {
			description: "Done with, or nothing of ours.",
			content: jsonContent(closedObjectSchema({ received: { const: true } })),
		},
		...errorResponses(
			...([
				"request_timeout",
				"invalid_signature",
				"invalid_json",
				"livemode_mismatch",
				"payload_too_large",
				"invalid_request",
			] as const),
			...(["billing_refused", "not_configured", "billing_unavailable", "unavailable", "internal"] as const),
		),
	},
};

/** What Stripe tells. */
export const EVENTS_ROOM: OpenapiRoom = {
	schemas: {},
	paths: { "/webhooks/stripe": { post: ofAnyone("receiveStripeEvent", WEBHOOK) } },
};
