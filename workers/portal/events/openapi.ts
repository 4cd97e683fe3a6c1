import { closedObjectSchema, errorResponses, jsonContent } from "../../lib/http/openapi.ts";
import type { OpenapiRoom } from "../../lib/http/openapi.ts";
import { TEXT } from "../request/openapi-parts.ts";

const WEBHOOK = {
	operationId: "receiveStripeEvent",
	security: [],
	summary: "For Stripe alone: its snapshot events",
	description:
		"What the subscription has become is fetched from Stripe and written once; an event that comes again, or late, changes nothing. Types and customers that are not ours are answered 200.",
	parameters: [
		{
			name: "Stripe-Signature",
			in: "header",
			required: true,
			description: "Stripe's, over the body's bytes.",
			schema: TEXT,
		},
	],
	requestBody: { required: true, content: jsonContent({ type: "object" }) },
	responses: {
		"200": {
			description: "Done with, or nothing of ours.",
			content: jsonContent(
				closedObjectSchema({ received: { const: true, description: "Stripe need not send it again." } }),
			),
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
	tag: { name: "Webhooks", description: "What Stripe tells." },
	schemas: {},
	paths: { "/webhooks/stripe": { post: WEBHOOK } },
};
