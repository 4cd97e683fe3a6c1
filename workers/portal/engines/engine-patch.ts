import { numberColumn, textColumn } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { isLoopback } from "../../lib/http/loopback.ts";
import { parseJsonObject } from "../../lib/http/body.ts";
import { HAS_ENGINE, recordRead } from "../audit/reads.ts";
import type { OrgTarget } from "../auth/access.ts";
import { engineWithSettings, expectUnarchived, readEngine, writeEngine } from "./engine.ts";
import type { EngineRequest } from "./engine.ts";
import { changedMeanwhile, expectedVersion, weakETag } from "../request/etag.ts";
import {
	brandColor,
	line,
	nullable,
	parsePatch,
	suggestedQuestions,
	text,
	visitorMemory,
} from "../request/patch-rules.ts";
import type { Rule, Verdict } from "../request/patch-rules.ts";
import { json } from "../../lib/http/json.ts";

const MAX_ORIGINS = 50;
const MAX_ORIGIN_CHARS = 300;

/**
 * `PATCH /portal/engines/{id}`: a JSON Merge Patch; null takes a field back to the org's configuration, and allowed_origins to any https
 * origin. What changes nothing writes nothing, so that `{}` reads the engine with its settings and its version, and whoever sends
 * back what was read is not refused for the agent and the model, which only staff may set.
 * @throws {ApiError} invalid_json, not_found, invalid_request, conflict (archived), precondition_failed, and as `readForOrg`
 */
export async function patchEngine(
	db: D1Database,
	target: OrgTarget,
	request: EngineRequest,
	now: number,
): Promise<Response> {
	const { caller, org, row } = await readEngine(db, target, request.id, now);
	const patch = parsePatch(
		parseJsonObject(request.body),
		rulesFor(caller.staff, textColumn(row, "environment") === "live"),
		"an engine",
		engineWithSettings(row),
	);
	expectUnarchived(row);
	const precondition = { ifMatch: request.ifMatch, version: patch.version };
	const expected = expectedVersion(precondition, numberColumn(row, "version"), "engine");
	const changes = patch.changes.filter(([field, value]) => row[field] !== value);
	if (changes.length === 0) {
		await recordRead(db, target, { action: "engine.read", now, target: request.id, exists: HAS_ENGINE });
		return engineResponse(row);
	}
	const after = await writeEngine(db, {
		orgId: org.id,
		id: request.id,
		caller,
		now,
		changes,
		action: "engine.update",
		fields: changes.map(([field]) => field),
		still: "(?3 IS NULL OR version = ?3)",
		expected,
		refusal: () => changedMeanwhile("engine"),
	});
	return engineResponse(after);
}

function engineResponse(row: Row): Response {
	return json({ engine: engineWithSettings(row) }, 200, { ETag: weakETag(numberColumn(row, "version")) });
}

/** The origins that an engine with a live key may answer; null = any https origin. */
export const liveOrigins = nullable(origins(false));

const RULES = {
	name: line(200),
	status,
	allowed_origins: liveOrigins,
	instructions: nullable(text(8000)),
	greeting: nullable(text(500)),
	suggested_questions: nullable(suggestedQuestions),
	brand_color: nullable(brandColor),
	visitor_memory: nullable(visitorMemory),
	agent_id: staffOnly,
	model: staffOnly,
} satisfies Record<string, Rule>;
const LOCAL_RULES = { ...RULES, allowed_origins: nullable(origins(true)) };
/** Both cost money that the plan does not count, and a wrong one leaves the bot silent. */
const STAFF_RULES = { agent_id: nullable(agentId), model: nullable(model) };

function rulesFor(staff: boolean, live: boolean): Record<keyof typeof RULES, Rule> {
	const rules = live ? RULES : LOCAL_RULES;
	return staff ? { ...rules, ...STAFF_RULES } : rules;
}

function status(value: unknown): Verdict {
	return value === "active" || value === "paused" ? { stored: value } : { fault: "must be active or paused" };
}

/** A fault of the field rather than a 403, so that one answer names everything that is wrong with a patch. */
function staffOnly(): Verdict {
	return { fault: "can be set by Koby's staff only" };
}

function agentId(value: unknown): Verdict {
	const isId = typeof value === "string" && /^[A-Za-z0-9_-]{1,100}$/.test(value);
	return isId ? { stored: value } : { fault: "must be null or an agent's id of 1 to 100 letters, digits, _ or -" };
}

function model(value: unknown): Verdict {
	const isName = typeof value === "string" && /^[a-z][a-z0-9.-]{0,99}$/.test(value);
	return isName ? { stored: value } : { fault: "must be null or a model's name, such as gemini-3.5-flash-lite" };
}

/** @param local whether pages on the developer's own machine may be listed, which a live key never admits */
function origins(local: boolean): Rule {
	const example = local ? "https://www.example.com or http://localhost:3000" : "https://www.example.com";
	const fault = {
		fault: `must be null or a list of at most ${MAX_ORIGINS} origins such as ${example}, without a path`,
	};
	return (value) => {
		if (!Array.isArray(value) || value.length > MAX_ORIGINS) return fault;
		const normalised = value.map((item) => normalOrigin(item, local));
		if (normalised.includes(undefined)) return fault;
		return { stored: JSON.stringify([...new Set(normalised)]) };
	};
}

/** An origin as a browser sends it; undefined when it is none, or holds anything besides (a / at its end is what people paste). */
function normalOrigin(value: unknown, local: boolean): string | undefined {
	if (typeof value !== "string" || value.length > MAX_ORIGIN_CHARS) return undefined;
	// Checked before it is parsed: a URL parser drops line breaks, reads \ as /, and takes an asterisk for a letter.
	const text = value.trim();
	if (!/^https?:\/\/[^\s\\/?#@*]+\/?$/i.test(text) || !URL.canParse(text)) return undefined;
	const { origin, protocol, hostname } = new URL(text);
	const isAllowed = isLoopback(hostname) ? local : protocol === "https:";
	// %2A and a full-width asterisk come out of the parser as the plain one.
	return isAllowed && !origin.includes("*") && origin.length <= MAX_ORIGIN_CHARS ? origin : undefined;
}
