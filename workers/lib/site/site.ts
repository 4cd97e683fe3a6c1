import { numberColumn, numberColumnOrNull, textColumn, textColumnOrNull } from "../d1/batch.ts";
import type { Row } from "../d1/batch.ts";
import { ApiError } from "../http/errors.ts";
import { isOriginAllowed } from "./origin.ts";
import type { OriginFacts } from "./origin.ts";
import { invalidSiteKey } from "./site-key.ts";
import type { KeyEnvironment } from "./site-key.ts";
import type { PlanUsage } from "./usage.ts";

/** An engine as the chat and voice workers need it: itself, its org's standing, and the configuration that applies to it. */
export interface Site {
	id: string;
	orgId: string;
	name: string;
	orgName: string;
	status: string;
	orgStatus: string;
	environment: KeyEnvironment;
	/** Exact origins; null = any https origin. */
	allowedOrigins: string[] | null;
	agentId: string | null;
	model: string | null;
	instructions: string | null;
	greeting: string | null;
	suggestedQuestions: string[];
	brandColor: string | null;
	locale: string | null;
	displayName: string | null;
	fallbackMessage: string | null;
	limitMessage: string | null;
	/** Changes with every write of the configuration or the knowledge: part of every cache key. */
	configVersion: string;
	usage: PlanUsage;
}

/**
 * The statement that reads the site of a key (or of the key before the last rotation, while its grace lasts).
 * @param now ISO instant
 * @param date UTC day whose usage is read
 */
export function siteStatement(db: D1Database, siteKey: string, now: string, date: string): D1PreparedStatement {
	return db
		.prepare(`
			SELECT s.id, s.org_id, s.name, s.status, s.environment, s.allowed_origins, s.agent_id, s.model,
				o.name AS org_name, o.status AS org_status,
				COALESCE(s.instructions, c.instructions) AS instructions,
				COALESCE(s.greeting, c.greeting) AS greeting,
				COALESCE(s.suggested_questions, c.suggested_questions) AS suggested_questions,
				COALESCE(s.brand_color, c.brand_color) AS brand_color,
				c.locale, c.display_name, c.fallback_message, c.limit_message,
				s.version || '.' || COALESCE(c.version, 0) || '.' || o.knowledge_version AS config_version,
				p.monthly_messages, p.monthly_voice_characters,
				COALESCE(d.messages, 0) AS day_messages, COALESCE(d.voice_characters, 0) AS day_characters,
				COALESCE(m.messages, 0) AS month_messages, COALESCE(m.voice_characters, 0) AS month_characters
			FROM portal_sites s
			JOIN orgs o ON o.id = s.org_id
			JOIN plans p ON p.id = o.plan
			LEFT JOIN org_config c ON c.org_id = s.org_id
			LEFT JOIN usage_daily d ON d.org_id = s.org_id AND d.date = ?3
			LEFT JOIN usage_monthly m ON m.org_id = s.org_id AND m.month = substr(?3, 1, 7)
			WHERE s.site_key = ?1 OR (s.previous_key = ?1 AND s.previous_key_expires_at > ?2)
			LIMIT 1
		`)
		.bind(siteKey, now, date);
}

function parseEnvironment(value: string): KeyEnvironment {
	return value === "live" || value === "test" ? value : "dev";
}

/** A JSON array column as texts; anything else in it is left out, so that a hand-written row cannot break a bot. */
export function textList(value: string | null): string[] | null {
	if (value === null) return null;
	const parsed: unknown = JSON.parse(value);
	return Array.isArray(parsed) ? parsed.filter((item): item is string => typeof item === "string") : [];
}

function parseSite(row: Row): Site {
	return {
		id: textColumn(row, "id"),
		orgId: textColumn(row, "org_id"),
		name: textColumn(row, "name"),
		orgName: textColumn(row, "org_name"),
		status: textColumn(row, "status"),
		orgStatus: textColumn(row, "org_status"),
		environment: parseEnvironment(textColumn(row, "environment")),
		allowedOrigins: textList(textColumnOrNull(row, "allowed_origins")),
		agentId: textColumnOrNull(row, "agent_id"),
		model: textColumnOrNull(row, "model"),
		instructions: textColumnOrNull(row, "instructions"),
		greeting: textColumnOrNull(row, "greeting"),
		suggestedQuestions: textList(textColumnOrNull(row, "suggested_questions")) ?? [],
		brandColor: textColumnOrNull(row, "brand_color"),
		locale: textColumnOrNull(row, "locale"),
		displayName: textColumnOrNull(row, "display_name"),
		fallbackMessage: textColumnOrNull(row, "fallback_message"),
		limitMessage: textColumnOrNull(row, "limit_message"),
		configVersion: textColumn(row, "config_version"),
		usage: parseUsage(row),
	};
}

function parseUsage(row: Row): PlanUsage {
	return {
		messages: {
			monthlyLimit: numberColumnOrNull(row, "monthly_messages"),
			month: numberColumn(row, "month_messages"),
			day: numberColumn(row, "day_messages"),
		},
		voiceCharacters: {
			monthlyLimit: numberColumnOrNull(row, "monthly_voice_characters"),
			month: numberColumn(row, "month_characters"),
			day: numberColumn(row, "day_characters"),
		},
	};
}

/**
 * The site of a `siteStatement` row, if this caller may use it. Refusals come in the contract's order.
 * @param row undefined when no site has the key
 * @throws {ApiError} invalid_site_key, site_inactive, org_inactive, origin_not_allowed
 */
export function admitSite(row: Row | undefined, origin: OriginFacts): Site {
	if (row === undefined) throw invalidSiteKey();
	const site = parseSite(row);
	if (site.status !== "active") throw new ApiError("site_inactive", "This assistant is switched off at the moment.");
	if (site.orgStatus === "churned" || site.orgStatus === "inactive") {
		throw new ApiError("org_inactive", "This assistant is not available; its owner's account is not active.");
	}
	if (!isOriginAllowed(origin, site.allowedOrigins, site.environment)) throw originNotAllowed();
	return site;
}

/** The 403 of a page that may not use the key; it goes out without Access-Control-Allow-Origin. */
export function originNotAllowed(): ApiError {
	return new ApiError(
		"origin_not_allowed",
		"This website is not on the assistant's list of allowed origins; add it in the dashboard.",
	);
}
