import { listVariable } from "../../lib/env.ts";
import { ApiError, notConfigured } from "../../lib/http/errors.ts";
import type { FieldError } from "../../lib/http/errors.ts";
import { invalidFields } from "../../lib/http/fields.ts";
import { noObject, readRequestBytes } from "../../lib/http/body.ts";
import { SECOND_MS } from "../../lib/time.ts";
import { MAX_AGE_SECONDS, signedPayload } from "../billing/stripe-client.ts";
import { isObject } from "../../lib/http/json.ts";

/** While a secret is rolled two are valid; a third is room for a second endpoint. */
const MAX_SECRETS = 3;
/** 9999-12-31, the last day that four digits of a year can name. */
const MAX_UNIX_SECONDS = 253_402_300_799;

/** An event that Stripe signed, its fields checked. */
export interface StripeEvent {
	/** evt_… */
	id: string;
	type: string;
	/** Unix seconds */
	created: number;
	livemode: boolean;
	/** `data.object`, its fields unchecked. */
	object: Record<string, unknown>;
	/** Which of the configured secrets signed it, so that staff know when the old one can go. */
	secretIndex: number;
}

export interface EventSettings {
	/** STRIPE_WEBHOOK_SECRET: one or several, comma-separated, the newest first. */
	webhookSecret: string | undefined;
	/** Body cap, bytes. */
	maxBodyBytes: number;
}

/**
 * Reads an event and proves that Stripe sent it, just now. No media type is asked for: the signature decides.
 * What is wrongly signed gets one constant answer. What is rightly signed but no event comes from somebody who holds the
 * secret, so it is answered like any other faulty body and shows as such among Stripe's failed deliveries.
 * @throws {ApiError} not_configured, payload_too_large, invalid_signature, invalid_json, invalid_request
 */
export async function readEvent(request: Request, settings: EventSettings, now: number): Promise<StripeEvent> {
	const secrets = listVariable(settings.webhookSecret).slice(0, MAX_SECRETS);
	if (secrets.length === 0) throw notConfigured("STRIPE_WEBHOOK_SECRET");
	const bytes = await readRequestBytes(request, settings.maxBodyBytes);
	const header = request.headers.get("Stripe-Signature") ?? "";
	if (!isTimely(header, now)) throw invalidSignature("timestamp");
	const { value, secretIndex } = await verified(payloadText(bytes), header, secrets, now);
	return parseEvent(value, secretIndex);
}

function invalidSignature(reason: string): ApiError {
	return new ApiError(
		"invalid_signature",
		"The Stripe-Signature header does not fit this body; check that STRIPE_WEBHOOK_SECRET is the signing secret of this endpoint.",
		{ reason },
	);
}

/**
 * Whether the signature is at most 300 s old, and at most 300 s ahead: the SDK accepts any future one, so a delivery that
 * was captured with a far timestamp could be replayed for as long. Exactly one timestamp of digits only: the SDK would take
 * the last of several and the digits before a letter.
 */
function isTimely(header: string, now: number): boolean {
	const stamps = header.split(",").filter((part) => part.startsWith("t="));
	const seconds = /^t=(\d{1,12})$/.exec(stamps[0] ?? "")?.[1];
	if (seconds === undefined || stamps.length > 1) return false;
	return Math.abs(Math.floor(now / SECOND_MS) - Number(seconds)) <= MAX_AGE_SECONDS;
}

/** The very bytes as text: the SDK's own decoding drops a byte order mark and mends what is not UTF-8. */
function payloadText(bytes: Uint8Array): string {
	try {
		return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		throw invalidSignature("not_utf8");
	}
}

async function verified(
	payload: string,
	header: string,
	secrets: string[],
	now: number,
): Promise<{ value: unknown; secretIndex: number }> {
	for (const [secretIndex, webhookSecret] of secrets.entries()) {
		const signed = await signedPayload(payload, header, webhookSecret, now);
		if (signed !== undefined) return { value: signed.value, secretIndex };
	}
	throw invalidSignature("no_match");
}

function parseEvent(value: unknown, secretIndex: number): StripeEvent {
	if (!isObject(value)) throw noObject(value);
	const { id, type, created, livemode, data } = value;
	const faults: FieldError[] = [];
	const isEventId = typeof id === "string" && /^evt_\w{1,250}$/.test(id);
	const isType = typeof type === "string" && /^[a-z0-9_.]{1,100}$/.test(type);
	const isCreated = isUnixSeconds(created);
	const object = isObject(data) ? data.object : undefined;
	if (!isEventId) faults.push({ field: "id", message: "must be the id of an event, evt_…" });
	if (!isType) faults.push({ field: "type", message: "must be the type of an event" });
	if (!isCreated) faults.push({ field: "created", message: "must be Unix seconds" });
	if (typeof livemode !== "boolean") faults.push({ field: "livemode", message: "must be true or false" });
	if (!isObject(object)) faults.push({ field: "data.object", message: "must be an object" });
	if (!isEventId || !isType || !isCreated || typeof livemode !== "boolean" || !isObject(object))
		throw invalidFields(faults);
	return { id, type, created, livemode, object, secretIndex };
}

/** Whether a value is an instant as Stripe writes it. */
export function isUnixSeconds(value: unknown): value is number {
	return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MAX_UNIX_SECONDS;
}
