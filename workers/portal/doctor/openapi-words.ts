import type { Words } from "../../lib/http/openapi.ts";

/** What the operation here does and its properties are. */
export const DOCTOR_WORDS: Words = {
	operations: {
		getDoctor:
			"The part of `npm run doctor` that only the deployed worker knows. It reads the database in one round trip and asks Clerk for its keys.",
	},
	properties: {
		worker: "Its name, as /health has it.",
		"Setup.secrets.name": "The secret's name.",
		present: "Whether the worker has it. Never what it is.",
		expected: "The version that this code was written for.",
		found: "The version that the database has.",
		"Setup.crons.worker": "Whose run it is, as /health names it.",
		cron: "Its time, as the toml has it.",
		ended_at: "When it last came to its end, ISO 8601 UTC.",
		"Setup.limiters.name": "The binding's name.",
		bound: "Whether the deployment has it.",
	},
};
