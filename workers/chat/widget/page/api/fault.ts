import { fieldsOf, textOf } from "./read.ts";

/** Something that went wrong, by the server's code or one of ours: offline, unreachable, wrong_origin, broken. */
export class Fault extends Error {
	// Declared only: the constructor makes them, and the bundle need not name them twice.
	declare readonly code: string;
	/** 0 = no answer came */
	declare readonly status: number;
	/** As the server asked, seconds; 0 = it did not. */
	declare readonly retryAfter: number;

	constructor(code: string, message = "", status = 0, retryAfter = 0) {
		super(message);
		this.code = code;
		this.status = status;
		this.retryAfter = retryAfter;
	}
}

/** Whatever was thrown, as a fault. */
export function asFault(thrown: unknown): Fault {
	return thrown instanceof Fault ? thrown : new Fault("broken");
}

/** The fault in an error envelope; whatever else a proxy answers is its status. */
export function faultOf(body: unknown, status = 0, retryAfter = 0): Fault {
	const error = fieldsOf(fieldsOf(body).error);
	return new Fault(
		textOf(error, "code") || (status === 0 ? "broken" : `http_${status}`),
		textOf(error, "message"),
		status,
		retryAfter,
	);
}

/** Nobody knows whether the server has taken what was sent. */
export function mayHaveArrived({ code }: Fault): boolean {
	return /^(broken|offline|unreachable)$/.test(code);
}
