import { closedObjectSchema, schema } from "../../lib/http/openapi.ts";
import type { OpenapiRoom } from "../../lib/http/openapi.ts";
import {
	COUNT,
	FLAG,
	INSTANT,
	ORG_STATUS,
	PLAN,
	TEXT,
	body,
	choice,
	each,
	listOf,
	ofOrg,
	orNull,
} from "../request/openapi-parts.ts";
import { BILLING_WORDS } from "./openapi-words.ts";

const PLAN_LIMITS = {
	id: TEXT,
	name: TEXT,
	...each(["monthly_messages", "monthly_voice_characters"], { ...orNull(COUNT), description: "null = no limit." }),
};

const BILLING_ACCOUNT = closedObjectSchema(
	{
		plan: closedObjectSchema(PLAN_LIMITS),
		status: ORG_STATUS,
		status_locked: { ...FLAG, description: "Shown to staff only: plan and status are theirs to decide." },
		current_period_end: orNull(INSTANT),
		cancel_at: orNull(INSTANT),
		can_checkout: FLAG,
		can_manage: FLAG,
		plans: listOf(closedObjectSchema({ ...PLAN_LIMITS, available: FLAG })),
		usage: schema("Usage"),
	},
	["status_locked"],
);

/** What an organization pays for. */
export const BILLING_ROOM: OpenapiRoom = {
	tag: { name: "Billing", description: "What an organization pays for." },
	words: BILLING_WORDS,
	schemas: {
		BillingAccount: BILLING_ACCOUNT,
		BillingPage: closedObjectSchema({
			url: TEXT,
			kind: { ...choice("checkout", "portal"), description: "portal: Stripe's customer portal." },
		}),
	},
	paths: {
		"/portal/billing": {
			get: ofOrg("getBilling", "Plan, status, what could be bought and what was used", "BillingAccount"),
		},
		"/portal/billing/checkout": {
			post: ofOrg(
				"startCheckout",
				"For the organization's own admins: the page to buy a plan, or to change the one they have",
				"BillingPage",
				{
					requestBody: body({ plan: PLAN }),
					errors: ["conflict", "billing_refused", "billing_unavailable"],
				},
			),
		},
		"/portal/billing/portal": {
			post: ofOrg(
				"openCustomerPortal",
				"For the organization's own admins: the page to manage what they bought",
				"BillingPage",
				{
					requestBody: body({}),
					errors: ["conflict", "billing_refused", "billing_unavailable"],
				},
			),
		},
	},
};
