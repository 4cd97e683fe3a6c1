import type { Words } from "../../lib/http/openapi.ts";

/** What the operations here do and the properties are. */
export const BILLING_WORDS: Words = {
	operations: {
		getBilling: "Also says which of the two Stripe pages the caller may open: can_checkout, can_manage.",
		startCheckout:
			"Answers the address of Stripe's checkout; send the browser there. Prices are Stripe's. What was bought is in force once Stripe's webhook has said so, seconds later.",
		openCustomerPortal:
			"Answers the address of Stripe's customer portal, for invoices, cards and cancelling; send the browser there.",
	},
	properties: {
		plan: "The plan by its id.",
		"BillingAccount.plan": "What the organization has.",
		id: "chatbot, voice or enterprise.",
		name: "As it is shown.",
		status: "trialing, active and past_due are served; inactive and churned are not.",
		current_period_end: "Until when it is paid for, ISO 8601 UTC; null = not paid by subscription.",
		cancel_at: "When the subscription ends, ISO 8601 UTC; null = it goes on.",
		can_checkout: "Whether the caller may open POST /portal/billing/checkout.",
		can_manage: "Whether the caller may open POST /portal/billing/portal.",
		plans: "What there is, the smallest first.",
		available: "Whether it can be bought at the checkout.",
		usage: "What of the plan is used this month.",
		url: "https, at Stripe: send the browser there, and keep it nowhere.",
	},
};
