import { ApiError } from "../../lib/http/errors.ts";

/** The reason of a fault that is none of the vendor's: the model had nothing to say. */
export const EMPTY = "empty";

/** The model gave no answer, and what that may have cost. */
export class ModelUnavailable extends ApiError {
	/** As `ModelUsage.brakedUsdMicros`. */
	readonly brakedUsdMicros: number;

	constructor({ code, message, headers, reason }: ApiError, brakedUsdMicros: number) {
		super(code, message, reason === undefined ? { headers } : { headers, reason });
		this.brakedUsdMicros = brakedUsdMicros;
	}
}
