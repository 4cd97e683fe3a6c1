import { ANSWER_MAX_CHARS } from "../../../workers/chat/gemini/reply.ts";
import { chatOpenapi } from "../../../workers/chat/openapi.ts";
import { excessBytes, exportedBytes } from "../../../workers/lib/d1/exported-size.ts";
import { isObject } from "../../../workers/lib/http/json.ts";
import { portalOpenapi } from "../../../workers/portal/openapi.ts";
import {
	MAX_LAUNCHER_CHARS,
	MAX_LOGO_URL_CHARS,
	MAX_TRANSLATIONS_BYTES,
} from "../../../workers/portal/settings/appearance/appearance-rules.ts";
import {
	MAX_PATHS,
	MAX_PATH_CHARS,
	MAX_PHRASES_BYTES,
	MAX_URL_CHARS,
} from "../../../workers/portal/settings/safeguards/safeguard-rules.ts";

/** The most bytes that a text of so many code points takes in an export: four each, as an apostrophe or a line break takes but two. */
function chars(count: number): number {
	return exportedBytes("🧸".repeat(count));
}

/** The caps that a description gives a body's field: of a list those of its items, each with its quotes and comma. */
function described(openapi: unknown, path: string, method: string, field: string): number {
	const body = at(openapi, "paths", path, method, "requestBody", "content", "application/json", "schema");
	const reference = at(body, "$ref");
	const name = typeof reference === "string" ? reference.slice(reference.lastIndexOf("/") + 1) : undefined;
	return capOf(at(name === undefined ? body : at(openapi, "components", "schemas", name), "properties", field), field);
}

function at(part: unknown, ...names: string[]): unknown {
	return names.reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), part);
}

function capOf(schema: unknown, field: string): number {
	if (!isObject(schema)) throw new Error(`${field} is not described`);
	const { maxLength, maxItems, items, anyOf, pattern } = schema;
	if (Array.isArray(anyOf)) return capOf(anyOf[0], field);
	if (typeof maxItems === "number") return maxItems * (capOf(items, field) + 8) + 2;
	if (typeof maxLength === "number") return chars(maxLength);
	if (typeof pattern === "string") return 110;
	throw new Error(`${field} has no cap`);
}

const config = (field: string): number => described(portalOpenapi(), "/portal/config", "patch", field);
const engine = (field: string): number => described(portalOpenapi(), "/portal/engines/{id}", "patch", field);
const lead = (field: string): number => described(chatOpenapi(), "/leads", "post", field);

/** As a URL parser writes them they are ASCII; an apostrophe is good in a host. */
const ORIGINS = 50 * (exportedBytes("'".repeat(300)) + 3);
const ID = 64 + 3;
const INSTANT = 24 + 3;
const SHORT = 40;
/** Clerk's id of a user, as a token may name it. */
const USER = 108;
/** Stripe's ids, as the webhook takes them. */
const STRIPE_ID = 256;
/** Written by staff alone, whose own statement is held to D1's 100,000 bytes. */
const BY_HAND = 0;

/** The most bytes that a text of so many code points takes within JSON: a control character is written as six. */
function jsonChars(count: number): number {
	return exportedBytes("\\u0001".repeat(count));
}

/** Addresses and paths as a URL parser writes them: ASCII, of which an apostrophe takes two bytes. */
const url = (chars: number): number => exportedBytes("'".repeat(chars));
/** With quotes and a comma each, as JSON within JSON. */
const PATHS = MAX_PATHS * (2 * MAX_PATH_CHARS + 5) + 54;

/** What is set of the looks, as JSON within JSON: two texts, and the names and values of nine members. */
const LOOKS = url(MAX_LOGO_URL_CHARS) + chars(MAX_LAUNCHER_CHARS) + 9 * 40;

/** A configuration as JSON: its texts, of which the border lets none take more than four bytes a code point, and the names of 29 fields. */
const CONFIG =
	["display_name", "timezone", "locale", "suggested_questions", "instructions", "greeting", "fallback_message"]
		.concat("limit_message", "contact", "ai_notice", "emergency_number", "emergency_text")
		.reduce((sum, field) => sum + config(field), 0) +
	url(2000) +
	2 * url(MAX_URL_CHARS) +
	PATHS +
	MAX_PHRASES_BYTES +
	MAX_TRANSLATIONS_BYTES +
	LOOKS +
	1000;

/** The worst that each text column can hold of what the API accepts, bytes in an export. A new one has to be named here. */
export const WORST: Record<string, Record<string, number>> = {
	plans: { id: SHORT, name: BY_HAND, stripe_lookup_key: BY_HAND },
	orgs: {
		...{ id: ID, name: chars(200), slug: ID, plan: SHORT, status: SHORT, clerk_org_id: BY_HAND },
		...{
			stripe_customer_id: STRIPE_ID,
			stripe_subscription_id: STRIPE_ID,
			stripe_status: SHORT,
			stripe_synced_at: INSTANT,
		},
		...{ current_period_end: INSTANT, cancel_at: INSTANT, created_at: INSTANT, updated_at: INSTANT, erasure_id: ID },
	},
	org_config: {
		org_id: ID,
		...{ display_name: config("display_name"), timezone: config("timezone"), locale: config("locale") },
		...{ brand_color: SHORT, logo_url: url(2000), greeting: config("greeting") },
		visitor_memory: SHORT,
		...{ suggested_questions: config("suggested_questions"), instructions: config("instructions") },
		...{ fallback_message: config("fallback_message"), limit_message: config("limit_message") },
		...{ updated_at: INSTANT, updated_by: USER, answer_mode: SHORT, contact: config("contact") },
		...{ privacy: SHORT, consent: SHORT, audience: SHORT, provider_policy: SHORT, country: SHORT },
		...{ ai_notice: config("ai_notice"), privacy_url: url(MAX_URL_CHARS), terms_url: url(MAX_URL_CHARS) },
		...{ emergency_number: config("emergency_number"), emergency_text: config("emergency_text") },
		...{ hidden_paths: PATHS, safety_phrases: MAX_PHRASES_BYTES },
		...{ translations: MAX_TRANSLATIONS_BYTES, widget: LOOKS },
	},
	config_versions: { org_id: ID, config: CONFIG, created_at: INSTANT, user_id: USER, cause: SHORT, reason: chars(500) },
	config_drafts: { org_id: ID, changes: CONFIG, updated_at: INSTANT, updated_by: USER },
	golden_questions: {
		...{ org_id: ID, nightly_date: INSTANT, updated_at: INSTANT, updated_by: USER },
		// What the border leaves.
		questions: -excessBytes([null]),
	},
	golden_runs: {
		...{ id: ID, org_id: ID, status: SHORT, origin: SHORT, config: CONFIG, config_digest: 67, stopped_by: SHORT },
		...{ requested_by: USER, created_at: INSTANT, ended_at: INSTANT, busy_until: INSTANT },
	},
	golden_results: {
		...{ run_id: ID, verdict: SHORT, faults: 2000, finish: SHORT, answer: chars(4000), sources: jsonChars(2000) },
		question: jsonChars(500 + 10 * 200 + 10 * 200 + 300) + 500,
	},
	safety_daily: { org_id: ID, date: INSTANT, class: 17 },
	golden_usage: { org_id: ID, date: INSTANT },
	portal_sites: {
		...{ id: ID, org_id: ID, site_key: 203, name: engine("name"), type: SHORT, status: SHORT },
		...{ allowed_origins: ORIGINS, agent_id: engine("agent_id"), model: engine("model") },
		...{ previous_key: 203, previous_key_expires_at: INSTANT, instructions: engine("instructions") },
		visitor_memory: SHORT,
		...{ greeting: engine("greeting"), suggested_questions: engine("suggested_questions"), brand_color: SHORT },
		...{ last_active_date: INSTANT, environment: SHORT, created_at: INSTANT, updated_at: INSTANT },
	},
	team_members: {
		org_id: ID,
		user_id: USER,
		name: BY_HAND,
		email: BY_HAND,
		role: SHORT,
		image_url: BY_HAND,
		joined_at: INSTANT,
	},
	workflows: {
		...{ id: BY_HAND, org_id: ID, name: BY_HAND, description: BY_HAND, status: SHORT, trigger: BY_HAND },
		...{ last_run_at: INSTANT, last_run_status: SHORT, created_at: INSTANT },
	},
	workflow_runs: {
		id: BY_HAND,
		org_id: ID,
		workflow_id: BY_HAND,
		status: SHORT,
		started_at: INSTANT,
		ended_at: INSTANT,
	},
	workflow_daily: { org_id: ID, date: INSTANT, workflow_id: BY_HAND },
	chat_sessions: {
		...{ id: ID, org_id: ID, site_id: ID, visitor_id: described(chatOpenapi(), "/", "post", "visitor_id") },
		...{ started_at: INSTANT, last_message_at: INSTANT, last_active_date: INSTANT, ended_at: INSTANT },
		...{ erased_at: INSTANT, erasure_id: ID },
		// Four messages of twelve terms of 40 code points, each with its weight and brackets.
		topic: 4 * 12 * (chars(40) + 12) + 12,
		// Twenty of a version of 16 digits and an instant, with quotes, comma and brackets.
		consents: 20 * (16 + 24 + 8) + 10,
	},
	chat_messages: {
		...{
			id: ID,
			org_id: ID,
			session_id: ID,
			role: SHORT,
			created_at: INSTANT,
			finish: SHORT,
			replayed_at: INSTANT,
			model: 103,
			rating: SHORT,
		},
		// A unit of UTF-16 takes three bytes at most; half a pair two.
		content: Math.max(described(chatOpenapi(), "/", "post", "message"), exportedBytes("한".repeat(ANSWER_MAX_CHARS))),
		// A list of at most 8,000 units of UTF-16, of three bytes each.
		sources: exportedBytes("한".repeat(8000)),
		rating_comment: described(chatOpenapi(), "/feedback", "post", "comment"),
	},
	visitors: {
		...{ org_id: ID, visitor_id: described(chatOpenapi(), "/", "post", "visitor_id"), visitor: SHORT },
		...{ erased_at: INSTANT, erasure_id: ID },
	},
	erasures: { id: ID, at: INSTANT, kind: SHORT, org_id: ID, user_id: USER },
	erasure_tokens: { org_id: ID, user_id: USER, token_digest: ID, expires_at: INSTANT },
	leads: {
		...{ id: ID, org_id: ID, site_id: ID, session_id: ID, created_at: INSTANT },
		...{ name: lead("name"), email: lead("email"), message: lead("message"), consent_version: SHORT },
	},
	voice_sessions: {
		...{ id: ID, org_id: ID, site_id: ID, agent_id: 103, conversation_id: 16_384, client_hash: ID, status: SHORT },
		...{ opened_at: INSTANT, expires_at: INSTANT, ended_at: INSTANT, closed_at: INSTANT, checked_at: INSTANT },
		reason: chars(200),
		consent_version: SHORT,
	},
	knowledge: {
		...{ id: ID, org_id: ID, kind: SHORT, title: chars(200), question_key: chars(200), source_url: chars(2000) },
		...{ created_at: INSTANT, updated_at: INSTANT, updated_by: USER, embedded_by: 110 },
		// What the border leaves: the largest body beside no other text, so the other columns are counted twice here.
		body: -excessBytes([null, null, null, null]) - chars(200) - chars(200) - chars(2000),
	},
	knowledge_passages: { knowledge_id: ID, content: chars(700) },
	knowledge_vectors: { org_id: ID, model: 103, knowledge_id: ID, vectors: exportedBytes("A".repeat(60_000)) },
	knowledge_terms: { org_id: ID, term: chars(40) },
	knowledge_term_counts: { org_id: ID, term: chars(40) },
	knowledge_spellings: { org_id: ID, spelling: chars(24), term: chars(24) },
	// 400 terms of 40 characters each, with quotes and a comma.
	session_index: { org_id: ID, session_id: ID, terms: exportedBytes(`"${"🧸".repeat(40)}",`.repeat(400)) },
	session_terms: { org_id: ID, term: chars(40) },
	session_index_state: { message_id: ID, searchable_until: INSTANT },
	question_stats: {
		...{ org_id: ID, site_id: ID, question: chars(200), last_asked_at: INSTANT },
		...{ wording: chars(200), wording_candidate: ID, wording_visitor: ID },
	},
	metrics_daily: { org_id: ID, date: INSTANT, site_id: ID, last_at: INSTANT },
	usage_daily: { org_id: ID, date: INSTANT },
	usage_monthly: { org_id: ID, month: INSTANT },
	usage_clients: { org_id: ID, date: INSTANT, client: SHORT },
	usage_deployment: { date: INSTANT },
	database_sizes: { date: INSTANT },
	retention_state: { waiting_since: INSTANT, busy_until: INSTANT },
	reconciliation_state: { date: INSTANT, after_org: ID },
	booking_notes: { id: ID, at: INSTANT },
	swept_turns: { id: ID, kind: SHORT, org_id: ID, site_id: ID, date: INSTANT, swept_at: INSTANT },
	cron_runs: { worker: SHORT, cron: SHORT, ended_at: INSTANT },
	legacy_usage: { date: INSTANT, worker: SHORT },
	turns: {
		id: ID,
		kind: SHORT,
		org_id: ID,
		site_id: ID,
		session_id: ID,
		date: INSTANT,
		begun_at: INSTANT,
		expires_at: INSTANT,
		client: ID,
	},
	stripe_events: { id: STRIPE_ID, type: 103, org_id: ID, created_at: INSTANT, processed_at: INSTANT },
	// The fields' names are ours, and no more than a resource has.
	audit_log: {
		...{ org_id: ID, at: INSTANT, user_id: USER, acting_as: SHORT, action: SHORT, target: ID, fields: 1000 },
		...{ impersonator_id: USER, hour: INSTANT, last_at: INSTANT, kind: SHORT },
	},
	schema_version: {},
	d1_migrations: { name: BY_HAND, applied_at: INSTANT },
};
