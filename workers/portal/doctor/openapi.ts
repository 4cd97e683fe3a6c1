import { closedObjectSchema } from "../../lib/http/openapi.ts";
import type { OpenapiPart, OpenapiRoom } from "../../lib/http/openapi.ts";
import { DOCTOR_WORDS } from "./openapi-words.ts";
import { COUNT, FLAG, INSTANT, TEXT, choice, listOf, ofStaff, orNull } from "../request/openapi-parts.ts";

const NAME = { ...TEXT, pattern: "^[A-Z][A-Z0-9_]*$" };
const EXAMPLE: OpenapiPart = {
	worker: "koby-portal",
	environment: "production",
	version: "6f1c0a52-3d0e-4a52-9a43-0e1f2a3b4c5d",
	secrets: [
		{ name: "CLERK_DOMAIN", present: true },
		{ name: "CLERK_SECRET_KEY", present: false },
	],
	unusable: ["MAX_BODY_BYTES"],
	schema: { expected: 22, found: 22 },
	crons: [{ worker: "koby-portal", cron: "*/5 * * * *", ended_at: "2026-11-29T11:30:02.000Z" }],
	clerk: { issuer: "https://clerk.koby.ai", keys: "reachable" },
	stripe_mode: "live",
	limiters: [{ name: "USER_LIMITER", bound: true }],
};

const SETUP = {
	...closedObjectSchema({
		worker: { const: "koby-portal" },
		environment: { ...choice("development", "staging", "production"), description: "The variable ENVIRONMENT." },
		version: { ...orNull(TEXT), description: "Id of the deployed version; null where the platform tells none." },
		secrets: {
			...listOf(closedObjectSchema({ name: NAME, present: FLAG })),
			description: "Every secret that this worker may have, and whether it has it. Never a value.",
		},
		unusable: {
			...listOf(NAME),
			description: "Secrets and variables that cannot be read as they are, or that are needed and missing, by name.",
		},
		schema: {
			...closedObjectSchema({ expected: COUNT, found: COUNT }),
			description: "The database's schema version: what this code was written for, and what is there.",
		},
		crons: {
			...listOf(closedObjectSchema({ worker: TEXT, cron: TEXT, ended_at: INSTANT })),
			description: "When each scheduled run of any worker last came to its end. One that never has is not here.",
		},
		clerk: {
			...closedObjectSchema({
				issuer: {
					...orNull(TEXT),
					description: "The only issuer whose tokens are accepted; null without a usable CLERK_DOMAIN.",
				},
				keys: {
					...choice("reachable", "unreachable", "not_configured"),
					description: "Whether Clerk gave its keys just now, though kept ones or CLERK_JWT_KEY may serve meanwhile.",
				},
			}),
			description: "Clerk as this worker knows it.",
		},
		stripe_mode: {
			...orNull(choice("live", "test")),
			description: "Of which mode Stripe's key is: live in production, else test. null without a usable key.",
		},
		limiters: {
			...listOf(closedObjectSchema({ name: NAME, bound: FLAG })),
			description: "The rate limiters that this worker asks, and whether they are bound.",
		},
	}),
	examples: [EXAMPLE],
};

/** How the deployed worker is set up. */
export const DOCTOR_ROOM: OpenapiRoom = {
	tag: { name: "Doctor", description: "How a deployment is set up." },
	words: DOCTOR_WORDS,
	schemas: { Setup: SETUP },
	paths: {
		"/portal/doctor": {
			get: ofStaff("getDoctor", "For staff: how this deployment is set up, names without values", "Setup"),
		},
	},
};
