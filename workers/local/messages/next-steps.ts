import type { ErrorCode } from "../../lib/http/errors.ts";

/** What a code means to whoever gets it, and what they do next. */
export interface NextStep {
	/** Begins a sentence; ends with a full stop. */
	means: string;
	/** One or two sentences, the first of which says what to do. */
	next: string;
	/** Whether Retry-After says when the same request may succeed: with every answer of the code, with some, or with none. */
	retryAfter: "always" | "sometimes" | "never";
}

function never(means: string, next: string): NextStep {
	return { means, next, retryAfter: "never" };
}

function always(means: string, next: string): NextStep {
	return { means, next, retryAfter: "always" };
}

const AFTER_A_MOMENT = "Send the same again after Retry-After.";
const OPERATOR = "Tell the operator: their log has the reason, by the request_id.";

/** The next step for every code, for a reference of errors to be made from. */
export const NEXT_STEPS: Readonly<Record<ErrorCode, NextStep>> = {
	invalid_json: never("The body is no JSON object.", "Send a JSON object in UTF-8."),
	invalid_signature: never(
		"The webhook was not signed with this endpoint's secret, or minutes too early or late.",
		"Compare STRIPE_WEBHOOK_SECRET with the signing secret that Stripe shows for the endpoint, and send the event again from there.",
	),
	livemode_mismatch: never(
		"A test event came to production, or a live one to another environment.",
		"Correct the endpoint's address at Stripe, or the key of the deployment.",
	),
	unauthenticated: never(
		"The session token is missing, over or not good here; why, only the log says.",
		"Fetch a fresh token from Clerk and send it as Bearer. If it stays, look up the reason in the log by the request_id.",
	),
	invalid_site_key: never("There is no engine with this key.", "Copy the key again from the dashboard, under engines."),
	site_key_required: never("This takes a site key.", "Send it in X-Site-Key, or to GET /config as ?site_key=."),
	forbidden: never("Your role may not do this.", "Ask who the message names."),
	no_active_org: never("The token names no organization.", "Choose one in the dashboard and send the new token."),
	unknown_org: never("Koby has not set your organization up.", "Contact Koby's support."),
	site_inactive: never("The engine is paused or archived.", "Switch it on in the dashboard, under engines."),
	org_inactive: never("The customer's account has ended.", "Renew it in the dashboard, under billing."),
	origin_not_allowed: never(
		"The page that asked may not use this engine.",
		"Add the origin of the message to allowed_origins of the engine. Of a frame it is the frame's, not that of the page around it.",
	),
	consent_required: never(
		"The visitor has not agreed to the notice as it is now.",
		"Show the notice of GET /config, and send its consent_version in X-Consent once they have agreed.",
	),
	not_found: never(
		"There is nothing at this path or by this id, or it is another's.",
		"Check the path and the id; lists give the ids that there are.",
	),
	org_not_found: never("Staff named an organization that there is not.", "Take its id from GET /portal/clients."),
	method_not_allowed: never("The path has no such method.", "Use one that Allow names."),
	request_timeout: never("The body took over ten seconds to arrive.", "Send it again."),
	conflict: never("What is there stands in the way.", "Do what the message says, then send the same again."),
	subscription_live: never(
		"A customer who still pays is not erased.",
		"Cancel the subscription at Stripe, wait for its end, and ask again.",
	),
	pass_rate_too_low: never(
		"Too few golden questions passed on this draft, or none were asked.",
		"Run them on the draft, or give override_reason.",
	),
	precondition_failed: never(
		"Somebody has changed it since you read it.",
		"Read it again, repeat your change, and send the new ETag in If-Match.",
	),
	payload_too_large: never("The body is over the limit.", "Send fewer bytes: the message has the limit."),
	unsupported_media_type: never("The body is no JSON by its Content-Type.", "Send application/json, not compressed."),
	invalid_request: never(
		"Some fields or parameters are not as they must be.",
		"Correct those that error.fields names.",
	),
	org_required: never("Staff named no organization.", "Add ?orgId=."),
	rate_limited: always("Too many requests in a minute, or leads in a day.", AFTER_A_MOMENT),
	quota_exceeded: always(
		"The plan's messages or characters of the day or month are used up; the message is the customer's own.",
		"Wait until Retry-After, at midnight UTC, or take a larger plan.",
	),
	client_quota_exceeded: always(
		"One visitor has used their share of the day.",
		"Come back after midnight UTC. Staff can raise client_share_percent.",
	),
	budget_exhausted: always(
		"The day's brake on costs is reached.",
		"Wait until Retry-After, at midnight UTC, or ask Koby's support for a higher one.",
	),
	session_limit: always("All places for conversations are taken.", "End one, or wait until the minute of the message."),
	internal: never("A fault of ours.", `Send it again once. If it stays: ${OPERATOR}`),
	conversation_not_configured: never("The engine has no agent to speak with.", "Ask Koby's support to set agent_id."),
	billing_refused: never("The billing provider refuses, and would again.", "Contact Koby's support."),
	voice_provider_auth: never("The voice service refuses our key.", OPERATOR),
	voice_not_available: never("The voice that is configured cannot be used.", OPERATOR),
	voice_unavailable: never("The voice service failed.", "Send it again, or show the text."),
	auth_unavailable: always("Clerk's keys cannot be fetched.", AFTER_A_MOMENT),
	billing_unavailable: always("The billing provider does not answer.", AFTER_A_MOMENT),
	model_unavailable: {
		means: "The model gave no answer; the visitor's message is kept.",
		next: AFTER_A_MOMENT,
		retryAfter: "sometimes",
	},
	not_configured: never("A secret or variable is missing.", OPERATOR),
	team_unavailable: {
		means: "Clerk does not give the list of members.",
		next: "Send the same again where there is a Retry-After; otherwise contact Koby's support.",
		retryAfter: "sometimes",
	},
	unavailable: always("The database, or what stands before it, does not answer.", AFTER_A_MOMENT),
	voice_busy: always("The voice service is busy.", AFTER_A_MOMENT),
	voice_quota_exhausted: always("The voice service has no credit left.", OPERATOR),
	voice_timeout: never("The voice service took too long.", "Send it again, or show the text."),
};
