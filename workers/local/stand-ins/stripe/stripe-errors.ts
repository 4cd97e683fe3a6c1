import { jsonAnswer, randomId } from "../wire.ts";
import type { Answer, Fault } from "../wire.ts";

interface StripeFault {
	type: string;
	message: string;
	code?: string;
	param?: string;
}

const BY_STATUS: Record<number, StripeFault> = {
	400: { type: "invalid_request_error", message: "Invalid request." },
	401: { type: "invalid_request_error", message: "Invalid API Key provided: sk_test_*********************alid" },
	402: { type: "card_error", code: "card_declined", message: "Your card was declined." },
	403: {
		type: "invalid_request_error",
		message: "The provided key does not have the required permissions for this endpoint.",
	},
	404: { type: "invalid_request_error", code: "resource_missing", message: "No such object." },
	409: {
		type: "idempotency_error",
		code: "idempotency_key_in_use",
		message: "There is currently another in-progress request using this Idempotency Key.",
	},
	429: { type: "invalid_request_error", code: "rate_limit", message: "Request rate limit exceeded." },
};

/** `{"error":{type, code, message, param, doc_url}}` with the request's id as a header. */
export function stripeError(status: number, fault: StripeFault, headers: Record<string, string> = {}): Answer {
	const doc =
		fault.code === undefined
			? {}
			: { doc_url: `https://docs.stripe.com/error-codes/${fault.code.replaceAll("_", "-")}` };
	return jsonAnswer({ error: { ...doc, ...fault } }, status, { "request-id": randomId("req_", 14), ...headers });
}

/** The error of a fault; its `code` replaces the status' own. */
export function failure(status: number, fault: Fault): Answer {
	const known = BY_STATUS[status] ?? { type: "api_error", message: "An unknown error occurred." };
	const headers: Record<string, string> = {};
	if (fault.retry_after_seconds !== undefined) headers["retry-after"] = String(fault.retry_after_seconds);
	return stripeError(status, fault.code === undefined ? known : { ...known, code: fault.code }, headers);
}

/** An unknown id: 404 when it is the path's, 400 when a parameter names it. */
export function missing(kind: string, id: string, param: string): Answer {
	const message = `No such ${kind}: '${id}'`;
	return stripeError(param === "id" ? 404 : 400, {
		type: "invalid_request_error",
		code: "resource_missing",
		message,
		param,
	});
}

export function invalid(message: string, param: string, code?: string): Answer {
	return stripeError(400, { type: "invalid_request_error", message, param, ...(code === undefined ? {} : { code }) });
}
