import { jsonAnswer, randomId } from "../wire.ts";
import type { Answer, Fault } from "../wire.ts";

interface Known {
	type: string;
	message: string;
}

const NOT_FOUND = "not_found";
const LIMIT = "rate_limit_error";

/** `detail.code` (in the old shape `detail.status`) and what comes with it. */
const CODES: Record<string, Known> = {
	needs_authorization: {
		type: "authentication_error",
		message: "Neither authorization header nor xi-api-key received, please provide one.",
	},
	invalid_api_key: { type: "authentication_error", message: "Invalid API key" },
	missing_permissions: {
		type: "authentication_error",
		message: "The API key you used is missing the permission convai_write to execute this operation.",
	},
	detected_unusual_activity: {
		type: "authentication_error",
		message: "Unusual activity detected. Free Tier usage disabled.",
	},
	quota_exceeded: {
		type: "payment_required",
		message:
			"This request exceeds your quota of 10000. You have 0 credits remaining, while 91 credits are required for this request.",
	},
	insufficient_credits: { type: "payment_required", message: "You have insufficient credits for this request." },
	paid_plan_required: {
		type: "payment_required",
		message: "Free users cannot use library voices via the API. Please upgrade your subscription.",
	},
	only_for_creator: {
		type: "authorization_error",
		message: "This feature is only available on the creator tier and above.",
	},
	voice_not_found: { type: NOT_FOUND, message: "A voice with that voice_id was not found." },
	model_not_found: { type: "validation_error", message: "A model with that model_id was not found." },
	agent_not_found: { type: NOT_FOUND, message: "An agent with that agent_id was not found." },
	conversation_not_found: { type: NOT_FOUND, message: "A conversation with that conversation_id was not found." },
	input_text_empty: { type: "validation_error", message: "The text must not be empty." },
	max_character_limit_exceeded: {
		type: "validation_error",
		message: "The text exceeds the maximum length for this model.",
	},
	text_too_long: { type: "validation_error", message: "The text is too long." },
	concurrent_limit_exceeded: {
		type: LIMIT,
		message: "Too many concurrent requests. Your current subscription is associated with a maximum of 20.",
	},
	too_many_concurrent_requests: { type: LIMIT, message: "Too many concurrent requests." },
	rate_limit_exceeded: { type: LIMIT, message: "Rate limit exceeded." },
	system_busy: { type: LIMIT, message: "We are experiencing heavy traffic, please try again shortly." },
	internal_server_error: { type: "internal_error", message: "An internal error occurred." },
};

const DEFAULT_CODES: Record<number, string> = {
	400: "voice_not_found",
	401: "invalid_api_key",
	402: "paid_plan_required",
	403: "only_for_creator",
	404: "voice_not_found",
	429: "concurrent_limit_exceeded",
};

/** ElevenLabs' error body in the shape asked for: the new one, the old one, a validation list or a plain string. */
export function failure(status: number, fault: Fault): Answer {
	const code = fault.code ?? DEFAULT_CODES[status] ?? "internal_server_error";
	const { type, message } = CODES[code] ?? { type: "error", message: "The request failed." };
	const wait: Record<string, string> = {};
	if (fault.retry_after_seconds !== undefined) wait["retry-after"] = String(fault.retry_after_seconds);
	const shape = fault.shape ?? (status === 422 ? "validation" : "new");
	if (shape === "plain") return jsonAnswer({ detail: message }, status, wait);
	if (shape === "old") return jsonAnswer({ detail: { status: code, message } }, status, wait);
	if (shape === "validation")
		return jsonAnswer({ detail: [{ loc: ["body"], msg: "Input should be a valid object", type: code }] }, status, wait);
	const requestId = randomId("", 20);
	return jsonAnswer({ detail: { type, code, message, status: code, request_id: requestId, param: null } }, status, {
		...wait,
		"request-id": requestId,
	});
}

/** A 422 that names one field. */
export function validationError(loc: string[], msg: string, type: string): Answer {
	return jsonAnswer({ detail: [{ type, loc, msg }] }, 422);
}
