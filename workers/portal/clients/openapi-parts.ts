import { closedObjectSchema, jsonContent, schema } from "../../lib/http/openapi.ts";
import type { OpenapiPart } from "../../lib/http/openapi.ts";
import { ENGINE, ORIGINS } from "../engines/openapi-parts.ts";
import {
	COUNT,
	ENGINE_TYPE,
	FLAG,
	INSTANT,
	ORG_STATUS,
	PLAN,
	TEXT,
	choice,
	listOf,
	orNull,
	text,
} from "../request/openapi-parts.ts";
import { ATTENTION } from "./list/attention.ts";
import { MAX_SLUG_CHARS, MAX_USD_MICROS } from "./client-fields.ts";
import { STEPS } from "./next-steps.ts";

const PERCENT = { type: "integer", minimum: 0 };
const USD_MICROS = { type: "integer", minimum: 0, maximum: MAX_USD_MICROS };
/** A client may cost more than it pays. */
const MARGIN = { type: "integer", minimum: Number.MIN_SAFE_INTEGER };

/** What of a client a list shows. */
export const CLIENT_LISTED = {
	id: { ...TEXT, description: "The portal's own id." },
	name: { ...TEXT, description: "As people know it." },
	slug: { ...TEXT, description: "A short name of its own, which stands in its keys." },
	plan: { ...TEXT, description: "id of its plan." },
	status: ORG_STATUS,
	created_at: INSTANT,
	engines: { ...COUNT, description: "Live engines." },
	sessions_30d: { ...COUNT, description: "Conversations begun with live engines in thirty days." },
	messages_30d: { ...COUNT, description: "Answered messages of live engines in thirty days." },
	last_active_at: { ...orNull(INSTANT), description: "When somebody last talked to a live engine." },
	attention: { ...listOf(choice(...ATTENTION)), description: "Why it wants looking at, the most pressing first." },
	quota_percent: {
		...orNull(PERCENT),
		description: "Of the fullest of its plan's limits, by month and by day; null = the plan has none.",
	},
	brake_percent: { ...PERCENT, description: "Of what it may cost today." },
	errors_7d: { ...COUNT, description: "Turns of live engines in seven days that ended in an error." },
	unanswered_30d: { ...COUNT, description: "Turns of live engines in thirty days without a grounded answer." },
	leads_waiting: {
		...COUNT,
		maximum: 100,
		description: "Leads of thirty days that came since the client's own people last looked at them; counted up to 100.",
	},
	cost_30d_usd_micros: { ...COUNT, description: "What all its engines and golden questions cost in thirty days." },
	monthly_price_usd_micros: { ...orNull(COUNT), description: "Its own price or its plan's; null = not known." },
	margin_30d_usd_micros: {
		...orNull(MARGIN),
		description: "The price less the cost of thirty days; null where the price is not known, or it does not pay.",
	},
};

/** What of a client is shown where it stands alone. */
export const CLIENT_SHOWN = {
	id: { ...TEXT, description: "The portal's own id." },
	name: { ...TEXT, description: "As people know it." },
	slug: { ...TEXT, description: "A short name of its own, which stands in its keys." },
	plan: { ...TEXT, description: "id of its plan." },
	status: ORG_STATUS,
	status_locked: { ...FLAG, description: "Staff decide plan and status, whatever Stripe says." },
	clerk_org_id: { ...orNull(TEXT), description: "Its organization at Clerk; null = nobody of it sees the dashboard." },
	stripe: closedObjectSchema({
		is_sold: { ...FLAG, description: "Stripe sells its plan." },
		customer_id: { ...orNull(TEXT), description: "Stripe's id; null = it never went to the checkout." },
		is_subscribed: { ...FLAG, description: "A subscription has not ended." },
		status: { ...orNull(TEXT), description: "Of that subscription, in Stripe's words." },
		current_period_end: { ...orNull(INSTANT), description: "End of what is paid." },
		cancel_at: { ...orNull(INSTANT), description: "When the subscription ends; null = it goes on." },
	}),
	client_share_percent: {
		type: "integer",
		minimum: 1,
		maximum: 100,
		description: "Of a day, what one visitor may use.",
	},
	daily_budget_usd_micros: { ...COUNT, description: "The brake: what it may cost a day; its own, or its plan's." },
	monthly_price_usd_micros: { ...orNull(COUNT), description: "Its own price or its plan's; null = not known." },
	has_instructions: { ...FLAG, description: "Its configuration says who the bot speaks for." },
	knowledge_entries: { ...COUNT, maximum: 1000, description: "Articles and answers, counted up to 1,000." },
	created_at: INSTANT,
	updated_at: INSTANT,
};

/** An engine as staff are shown it. */
export const ENGINE_SHOWN = {
	...ENGINE,
	embed: { ...orNull(TEXT), description: "The line for a page; null of a voice, which speaks through the chat." },
};

export const NEXT_STEP = {
	step: { ...choice(...STEPS), description: "For programs." },
	message: { ...TEXT, description: "What to do, for people." },
};

const NAME = { ...text(200), description: "One line." };
/** What of an engine may be said when it is made. */
export const ENGINE_WISH = {
	name: { ...NAME, description: "One line, the engine's own within its organization." },
	type: { ...ENGINE_TYPE, default: "chatbot", description: "A voice lets the organization's chats speak and listen." },
	allowed_origins: ORIGINS,
	with_test: { ...FLAG, default: true, description: "Whether a twin for tests is made along." },
};

const SLUG = {
	type: "string",
	pattern: "^[a-z0-9]+(?:-[a-z0-9]+)*$",
	maxLength: MAX_SLUG_CHARS,
	description: "A short name of its own; made of the name where it is absent.",
};
const CLERK_ORG_ID = { type: "string", pattern: "^org_[A-Za-z0-9]{1,60}$" };

const SETTABLE = {
	name: NAME,
	slug: SLUG,
	plan: { ...PLAN, description: "chatbot for a new client, where it is absent." },
	status: { ...ORG_STATUS, description: "active for a new client, where it is absent." },
	status_locked: { ...FLAG, description: "true: staff decide plan and status, whatever Stripe says." },
	clerk_org_id: { ...orNull(CLERK_ORG_ID), description: "Its organization at Clerk; null = none." },
	client_share_percent: {
		type: "integer",
		minimum: 1,
		maximum: 100,
		description: "Of a day, what one visitor may use.",
	},
	daily_budget_usd_micros: { ...orNull(USD_MICROS), description: "The brake of a day; null = the plan's." },
	monthly_price_usd_micros: { ...orNull(USD_MICROS), description: "What it pays a month; null = the plan's." },
};

const { with_test: _, ...FIRST_ENGINE } = ENGINE_WISH;
/** What may be said of a new client. */
export const NEW_CLIENT = {
	...SETTABLE,
	engine: {
		...closedObjectSchema(FIRST_ENGINE, Object.keys(FIRST_ENGINE)),
		description: "Its first engine, which is live; its twin for tests is made along.",
	},
	config: {
		...schema("ConfigPatch"),
		description: "What its configuration begins with, as PATCH /portal/config takes it.",
	},
};

const PATCH_SCHEMA = closedObjectSchema(SETTABLE, Object.keys(SETTABLE));
/** The body of a patch, which has no version. */
export const PATCH: OpenapiPart = {
	required: true,
	content: { ...jsonContent(PATCH_SCHEMA), "application/merge-patch+json": { schema: PATCH_SCHEMA } },
};
