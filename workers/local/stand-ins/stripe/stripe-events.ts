import { STRIPE_API_VERSION } from "./stripe-objects.ts";
import type { Moment } from "./stripe-objects.ts";
import { randomId } from "../wire.ts";

const SIGNATURE_BYTES_TO_HEX = 16;

/**
 * The `Stripe-Signature` header of a payload: HMAC-SHA256 over `<timestamp>.<payload>`, keyed with the whole
 * `whsec_…` text. Written on WebCrypto, not on Stripe's SDK, so that it can judge a verifier that uses the SDK.
 * @param timestampSeconds Unix time
 */
export async function signStripeEvent(payload: string, secret: string, timestampSeconds: number): Promise<string> {
	const algorithm = { name: "HMAC", hash: "SHA-256" };
	const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), algorithm, false, ["sign"]);
	const signature = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(`${timestampSeconds}.${payload}`));
	const hex = Array.from(new Uint8Array(signature), (byte) =>
		byte.toString(SIGNATURE_BYTES_TO_HEX).padStart(2, "0"),
	).join("");
	return `t=${timestampSeconds},v1=${hex}`;
}

/** Delivers an event to a webhook endpoint as Stripe does and tells what the endpoint answered. */
export async function sendStripeEvent(
	url: string,
	secret: string,
	event: unknown,
): Promise<{ status: number; body: string }> {
	const payload = JSON.stringify(event, null, 2);
	const headers = {
		"content-type": "application/json; charset=utf-8",
		"stripe-signature": await signStripeEvent(payload, secret, Math.floor(Date.now() / 1000)),
		"user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
	};
	const response = await fetch(url, { method: "POST", headers, body: payload });
	return { status: response.status, body: await response.text() };
}

/** An event around any object, as Stripe delivers it. */
export function event(
	type: string,
	object: object,
	{ livemode, now }: Moment,
	id = randomId("evt_1", 23),
): Record<string, unknown> {
	return {
		id,
		object: "event",
		api_version: STRIPE_API_VERSION,
		created: now,
		data: { object },
		livemode,
		pending_webhooks: 1,
		request: { id: null, idempotency_key: null },
		type,
	};
}
