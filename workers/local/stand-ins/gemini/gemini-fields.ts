/** Why the API refuses a request with 400 INVALID_ARGUMENT. */
export interface RequestFault {
	message: string;
	details?: unknown[];
}

/** Proto JSON takes camelCase and snake_case alike. */
export function field(object: Record<string, unknown>, name: string): unknown {
	return object[name] ?? object[snake(name)];
}

function snake(name: string): string {
	return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The first member that the API does not know, as it refuses it. `at` = the object that has it. */
export function unknownField(object: Record<string, unknown>, known: string[], at: string): RequestFault | undefined {
	const name = Object.keys(object).find((key) => !known.some((field) => key === field || key === snake(field)));
	if (name === undefined) return undefined;
	const description = `Invalid JSON payload received. Unknown name "${name}"${at === "" ? "" : ` at '${at}'`}: Cannot find field.`;
	const violation = {
		"@type": "type.googleapis.com/google.rpc.BadRequest",
		fieldViolations: [{ field: at, description }],
	};
	return { message: description, details: [violation] };
}
