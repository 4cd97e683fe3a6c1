import { ERROR_STATUS } from "../../lib/http/errors.ts";
import { NEXT_STEPS } from "../messages/next-steps.ts";
import { code, markdownTable } from "./table.ts";

const RETRY_AFTER = { always: "yes", sometimes: "at times", never: "" } as const;

/** Every error code with what it means and what to do next. */
export function errorsSection(): string {
	const statuses: Readonly<Record<string, number>> = ERROR_STATUS;
	return markdownTable(
		["code", "status", "what it means", "what to do next", "Retry-After"],
		Object.entries(NEXT_STEPS)
			.map(([name, { means, next, retryAfter }]) => ({ name, status: statuses[name] ?? 0, means, next, retryAfter }))
			.sort((one, other) => one.status - other.status)
			.map(({ name, status, means, next, retryAfter }) => [
				code(name),
				String(status),
				means,
				next,
				RETRY_AFTER[retryAfter],
			]),
	);
}
