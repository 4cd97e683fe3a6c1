import type { Words } from "../../lib/http/openapi.ts";

/** What the operations here do and the properties are, where the parts themselves do not say it. */
export const CLIENTS_WORDS: Words = {
	operations: {},
	properties: {},
};
