import { numberColumn, numberColumnOrNull, textColumn, textColumnOrNull, textListColumn } from "../d1/row.ts";
import type { Row } from "../d1/row.ts";
import { CONFIG_DEFAULTS } from "./config-defaults.ts";
import { CONFIG_VERSION_SQL, HAS_KEY_SQL } from "./admission.ts";
import type { SiteCaller, Standing } from "./admission.ts";
import { SAFEGUARD_COLUMNS, parseSafeguards } from "./safeguards.ts";
import type { Safeguards } from "./safeguards.ts";

/** An engine as the chat and voice workers need it: itself, its org's standing, and the configuration that applies to it. */
export interface Site extends Standing, Safeguards {
	id: string;
	orgId: string;
	name: string;
	orgName: string;
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
	visitorMemory: string | null;
	/** What the articles and curated answers of its org take when they are shown whole; 0 = it has none. */
	knowledgeBytes: number;
	/** Tokens up to which the plan shows them whole; null = it names no number. */
	planWholeTokens: number | null;
	/** Where nothing that the owner has written answers a question: `strict` = the bot says so, `free` = it may know it otherwise. */
	answerMode: "strict" | "free";
	/** Whom the bot points to when it does not know. */
	contact: string | null;
	/** Changes with every write of the configuration or the knowledge, and with every erasure: a cached answer counts under its own only. */
	configVersion: string;
	/** How many passages its org's knowledge has. */
	knowledgePassages: number;
	/** Rows of vectors of them, of whatever model; 0 = none is found by meaning. */
	knowledgeVectors: number;
}

/** Put together once: the text goes along with every request. */
const SITE_SQL = `
	SELECT s.id, s.org_id, s.name, s.status, s.environment, s.allowed_origins, s.agent_id, s.model,
		o.name AS org_name, o.status AS org_status,
		COALESCE(s.instructions, c.instructions) AS instructions,
		COALESCE(s.greeting, c.greeting) AS greeting,
		COALESCE(s.suggested_questions, c.suggested_questions) AS suggested_questions,
		COALESCE(s.brand_color, c.brand_color) AS brand_color,
		COALESCE(s.visitor_memory, c.visitor_memory) AS visitor_memory,
		c.locale, c.display_name, c.fallback_message, c.limit_message, c.answer_mode, c.contact,
		${SAFEGUARD_COLUMNS},
		o.knowledge_bytes, o.knowledge_passages, o.knowledge_vectors,
		(SELECT knowledge_whole_tokens FROM plans WHERE id = o.plan) AS plan_whole_tokens,
		${CONFIG_VERSION_SQL} AS config_version
	FROM portal_sites s
	JOIN orgs o ON o.id = s.org_id
	LEFT JOIN org_config c ON c.org_id = s.org_id
	WHERE ${HAS_KEY_SQL}
	LIMIT 1
`;

/** The statement that reads the site of a caller's key (or of the key before the last rotation, while its grace lasts). */
export function siteStatement(
	db: D1Database,
	{ siteKey, now }: Pick<SiteCaller, "siteKey" | "now">,
): D1PreparedStatement {
	return db.prepare(SITE_SQL).bind(siteKey, now);
}

/** The site of a `siteStatement` row. @throws {TypeError} the row is none */
export function parseSite(row: Row): Site {
	const environment = textColumn(row, "environment");
	return {
		id: textColumn(row, "id"),
		orgId: textColumn(row, "org_id"),
		name: textColumn(row, "name"),
		orgName: textColumn(row, "org_name"),
		status: textColumn(row, "status"),
		orgStatus: textColumn(row, "org_status"),
		environment: environment === "live" || environment === "test" ? environment : "dev",
		allowedOrigins: textListColumn(row, "allowed_origins"),
		agentId: textColumnOrNull(row, "agent_id"),
		model: textColumnOrNull(row, "model"),
		instructions: textColumnOrNull(row, "instructions"),
		greeting: textColumnOrNull(row, "greeting"),
		suggestedQuestions: textListColumn(row, "suggested_questions") ?? [],
		brandColor: textColumnOrNull(row, "brand_color"),
		locale: textColumnOrNull(row, "locale"),
		displayName: textColumnOrNull(row, "display_name"),
		fallbackMessage: textColumnOrNull(row, "fallback_message"),
		limitMessage: textColumnOrNull(row, "limit_message"),
		visitorMemory: textColumnOrNull(row, "visitor_memory"),
		knowledgeBytes: numberColumn(row, "knowledge_bytes"),
		planWholeTokens: numberColumnOrNull(row, "plan_whole_tokens"),
		answerMode: row.answer_mode === "free" ? "free" : CONFIG_DEFAULTS.answer_mode,
		contact: textColumnOrNull(row, "contact"),
		configVersion: textColumn(row, "config_version"),
		knowledgePassages: numberColumn(row, "knowledge_passages"),
		knowledgeVectors: numberColumn(row, "knowledge_vectors"),
		...parseSafeguards(row),
	};
}
