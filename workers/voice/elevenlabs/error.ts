import { ApiError, retryLater } from "../../lib/http/errors.ts";
import { readBytes } from "../../lib/http/body.ts";
import { isObject, parseJson } from "../../lib/http/json.ts";
import { SECOND_MS } from "../../lib/time.ts";
import { jitterMs, retryAfterSeconds } from "../../lib/vendor/call.ts";

const MAX_ERROR_BYTES = 16_384;
/** A vendor that asks for a longer pause than this is not asked again for the same caller, ms. */
const MAX_PAUSE_MS = 1000;

/** A failed call: what the caller learns, and whether one more try is worth it. */
export class VendorFault extends Error {
	readonly error: ApiError;
	/** Pause before the next try, ms; undefined = another try would meet the same. */
	readonly retryInMs: number | undefined;

	constructor(error: ApiError, retryInMs?: number) {
		super(error.code);
		this.name = "VendorFault";
		this.error = error;
		this.retryInMs = retryInMs;
	}
}

type Kind = "auth" | "quota" | "not_available" | "concurrent" | "busy" | "timeout" | "server" | "other";

/** ElevenLabs' codes whose meaning the status does not tell: quota has come as 401, 402 and 429, and the two kinds of 429 differ. */
const KINDS: ReadonlyMap<string, Kind> = new Map([
	["quota_exceeded", "quota"],
	["insufficient_credits", "quota"],
	["paid_plan_required", "not_available"],
	["only_for_creator", "not_available"],
	["only_for_creator+", "not_available"],
	["voice_not_found", "not_available"],
	["model_not_found", "not_available"],
	["agent_not_found", "not_available"],
	["concurrent_limit_exceeded", "concurrent"],
	["too_many_concurrent_requests", "concurrent"],
	["rate_limit_exceeded", "busy"],
	["system_busy", "busy"],
]);

const KIND_OF_STATUS: ReadonlyMap<number, Kind> = new Map([
	[401, "auth"],
	[402, "not_available"],
	[403, "auth"],
	[404, "not_available"],
	[408, "timeout"],
	[429, "busy"],
	[504, "timeout"],
]);

/** What an error body says: its codes (a code of its own first, the older `status` second), or the words of a plain one. */
interface Detail {
	codes: string[];
	message: string;
}

/** The fault that a response with any other status than 200 stands for. Its body is read to a cap and never shown. */
export async function vendorFault(response: Response): Promise<VendorFault> {
	const detail = parseDetail(await errorText(response));
	const kind = kindOf(response.status, detail);
	const reason = `elevenlabs ${response.status} ${detail.codes.find((code) => /^[a-z_+]{1,64}$/.test(code)) ?? "without a code"}`;
	const seconds = retryAfterSeconds(response);
	return faultOf(kind, reason, seconds === undefined ? undefined : seconds * SECOND_MS);
}

/** A 200 that holds no audio, or nothing that we understand. */
export function unusableAnswer(what: string): VendorFault {
	return faultOf("other", `elevenlabs ${what}`, undefined);
}

/** The connection failed before the first byte. */
export function connectionFault(): VendorFault {
	return faultOf("server", "elevenlabs unreachable", undefined);
}

/** Nothing came within the time limit, so there is no time for another try either. */
export function timeoutFault(): VendorFault {
	return new VendorFault(faultOf("timeout", "elevenlabs time limit", undefined).error);
}

async function errorText(response: Response): Promise<string> {
	try {
		return new TextDecoder().decode(await readBytes(response, MAX_ERROR_BYTES));
	} catch {
		return "";
	}
}

/** All shapes seen: `detail` as an object (new and old), as a list (validation) and as a plain text. */
function parseDetail(text: string): Detail {
	const body = parseJson(text);
	const detail = isObject(body) ? body.detail : undefined;
	if (typeof detail === "string") return { codes: [], message: detail };
	if (!isObject(detail)) return { codes: [], message: "" };
	const codes = [detail.code, detail.status].filter((code) => typeof code === "string");
	return { codes, message: typeof detail.message === "string" ? detail.message : "" };
}

function kindOf(status: number, { codes, message }: Detail): Kind {
	for (const code of codes) {
		const kind = KINDS.get(code);
		if (kind !== undefined) return kind;
	}
	if ([401, 402, 429].includes(status) && /\b(?:quota|credits)\b/i.test(message)) return "quota";
	if (status === 429 && /\bconcurrent\b/i.test(message)) return "concurrent";
	return KIND_OF_STATUS.get(status) ?? (status >= 500 ? "server" : "other");
}

/** @param askedMs the vendor's own Retry-After */
function faultOf(kind: Kind, reason: string, askedMs: number | undefined): VendorFault {
	const pause = (fromMs: number, toMs: number) => {
		if (askedMs === undefined) return jitterMs(fromMs, toMs);
		return askedMs <= MAX_PAUSE_MS ? askedMs : undefined;
	};
	const busySeconds = (seconds: number) => Math.min(60, Math.max(seconds, (askedMs ?? 0) / SECOND_MS));
	switch (kind) {
		case "auth":
			return new VendorFault(
				new ApiError(
					"voice_provider_auth",
					"The voice service refuses our access, which only its operator can mend; please tell them.",
					{
						reason,
					},
				),
			);
		case "quota":
			return new VendorFault(
				retryLater(
					"voice_quota_exhausted",
					"The voice service has no credit left until its operator adds some; please tell them.",
					600,
					reason,
				),
			);
		case "not_available":
			return new VendorFault(
				new ApiError(
					"voice_not_available",
					"The configured voice is not available, so its operator must choose another; please tell them.",
					{
						reason,
					},
				),
			);
		case "concurrent":
			return new VendorFault(busy(busySeconds(1), reason), pause(200, 400));
		case "busy":
			return new VendorFault(busy(busySeconds(3), reason), pause(500, 1000));
		case "timeout":
			return new VendorFault(
				new ApiError("voice_timeout", "The voice service did not answer in time; please try again.", { reason }),
				pause(100, 300),
			);
		case "server":
			return new VendorFault(unavailable(reason), pause(100, 300));
		case "other":
			return new VendorFault(unavailable(reason));
	}
}

function busy(seconds: number, reason: string): ApiError {
	return retryLater("voice_busy", "The voice service is busy; please try again in a moment.", seconds, reason);
}

function unavailable(reason: string): ApiError {
	return new ApiError("voice_unavailable", "The voice service failed; please try again.", { reason });
}
