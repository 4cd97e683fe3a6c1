/**
 * Every error code a response of ours can carry, with its HTTP status. The union is closed: callers may switch on it,
 * and a code that is not here does not compile.
 */
export const ERROR_STATUS = {
	invalid_json: 400,
	invalid_signature: 400,
	livemode_mismatch: 400,
	unauthenticated: 401,
	invalid_site_key: 401,
	site_key_required: 401,
	forbidden: 403,
	no_active_org: 403,
	unknown_org: 403,
	site_inactive: 403,
	org_inactive: 403,
	origin_not_allowed: 403,
	consent_required: 403,
	not_found: 404,
	org_not_found: 404,
	method_not_allowed: 405,
	request_timeout: 408,
	conflict: 409,
	subscription_live: 409,
	pass_rate_too_low: 409,
	precondition_failed: 412,
	payload_too_large: 413,
	unsupported_media_type: 415,
	invalid_request: 422,
	org_required: 422,
	rate_limited: 429,
	quota_exceeded: 429,
	client_quota_exceeded: 429,
	budget_exhausted: 429,
	session_limit: 429,
	internal: 500,
	conversation_not_configured: 501,
	billing_refused: 502,
	voice_provider_auth: 502,
	voice_not_available: 502,
	voice_unavailable: 502,
	auth_unavailable: 503,
	billing_unavailable: 503,
	model_unavailable: 503,
	not_configured: 503,
	team_unavailable: 503,
	unavailable: 503,
	voice_busy: 503,
	voice_quota_exhausted: 503,
	voice_timeout: 504,
} as const;

/** What an error is, for a program to switch on. */
export type ErrorCode = keyof typeof ERROR_STATUS;

/** One faulty input field: `field` is its name as the caller sent it (bounded), `message` what would be right. */
export interface FieldError {
	field: string;
	message: string;
}

interface ApiErrorDetail {
	/** Extra response headers, such as Allow or Retry-After. */
	headers?: Record<string, string>;
	/** The faulty fields of an `invalid_request`. */
	fields?: FieldError[];
	/** With `consent_required`: the version of the notice that there is to agree to. */
	consentVersion?: string;
	/** Internal reason for the log line; never leaves the worker. No text, key, token or e-mail in it. */
	reason?: string;
}

/** An error with a response of its own. `message` is one sentence for the caller; it never quotes a vendor, SQL or a secret. */
export class ApiError extends Error {
	readonly code: ErrorCode;
	readonly status: number;
	readonly headers: Record<string, string>;
	readonly fields: FieldError[] | undefined;
	readonly consentVersion: string | undefined;
	readonly reason: string | undefined;

	constructor(code: ErrorCode, message: string, detail: ApiErrorDetail = {}) {
		super(message);
		this.name = "ApiError";
		this.code = code;
		this.status = ERROR_STATUS[code];
		this.headers = detail.headers ?? {};
		this.fields = detail.fields;
		this.consentVersion = detail.consentVersion;
		this.reason = detail.reason;
	}
}

/** A 503 or 429 that says when to come back. `seconds` is a whole number ≥ 1. */
export function retryLater(code: ErrorCode, message: string, seconds: number, reason?: string): ApiError {
	const headers = { "Retry-After": String(Math.max(1, Math.ceil(seconds))) };
	return new ApiError(code, message, reason === undefined ? { headers } : { headers, reason });
}

/**
 * The 503 of a missing or unusable secret or variable. The name goes to the log, the caller learns only that it is our fault.
 * @param detail for the log: who found it unusable, and how
 */
export function notConfigured(variable: string, detail?: string): ApiError {
	return new ApiError(
		"not_configured",
		"This service is not fully set up; please tell its operator, whose log says what is missing.",
		{
			reason: `${variable} is missing or unusable${detail === undefined ? "" : ` (${detail})`}`,
		},
	);
}

/** The JSON body of every error, on every route of every worker. */
export interface ErrorBody {
	error: { code: ErrorCode; message: string; request_id: string; fields?: FieldError[]; consent_version?: string };
}

/** Anything thrown, as an ApiError: what is not one becomes `internal` with a fixed text. */
export function toApiError(thrown: unknown): ApiError {
	if (thrown instanceof ApiError) return thrown;
	const reason = thrown instanceof Error ? thrown.name : typeof thrown;
	return new ApiError(
		"internal",
		"Something went wrong on our side; please try again, and name the request_id to support if it stays.",
		{ reason },
	);
}

/** The envelope of an error, ready to serialise. */
export function errorBody(error: ApiError, requestId: string): ErrorBody {
	const body: ErrorBody = { error: { code: error.code, message: error.message, request_id: requestId } };
	if (error.fields !== undefined) body.error.fields = error.fields;
	if (error.consentVersion !== undefined) body.error.consent_version = error.consentVersion;
	return body;
}
