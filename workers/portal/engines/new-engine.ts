import type { FieldError } from "../../lib/http/errors.ts";
import { truncate } from "../../lib/text/text.ts";
import { line, oneOf } from "../request/patch-rules.ts";
import type { Rule, StoredValue } from "../request/patch-rules.ts";
import { readNewFields } from "../request/new-fields.ts";
import { liveOrigins } from "./engine-patch.ts";
import { newSiteKey, randomSuffix } from "./site-keys.ts";

const MAX_NAME_CHARS = 200;
const TEST_MARK = " (test)";
const DEFAULT_NAMES = { chatbot: "Website Assistant", voice: "Website Voice" } as const;
/** How much of a slug stands in an id, which has at most 64 characters. */
const SLUG_CHARS_IN_ID = 40;

/** What is asked of a new engine. */
export interface EngineWish {
	name: string;
	type: "chatbot" | "voice";
	/** JSON list; null = any https origin. */
	allowedOrigins: string | null;
}

/** A row of portal_sites that is to be. */
export interface NewEngine extends EngineWish {
	id: string;
	siteKey: string;
}

const types = oneOf(["chatbot", "voice"]);
const ENGINE_RULES = {
	name: line(MAX_NAME_CHARS),
	type: (value) => ("stored" in types(value) ? types(value) : { fault: "must be chatbot or voice" }),
	allowed_origins: liveOrigins,
} satisfies Record<string, Rule>;

/**
 * Reads what a body says of a new engine.
 * @param prefix of the fields' names in faults
 * @param others fields of the body that the caller reads itself
 */
export function readEngineWish(
	body: Record<string, unknown>,
	faults: FieldError[],
	prefix = "",
	others: readonly string[] = [],
): EngineWish {
	const stored = readNewFields({ body, rules: ENGINE_RULES, whole: "an engine", others, prefix }, faults);
	const type = stored.type === "voice" ? "voice" : "chatbot";
	return {
		name: textOf(stored.name) ?? DEFAULT_NAMES[type],
		type,
		allowedOrigins: textOf(stored.allowed_origins),
	};
}

function textOf(value: StoredValue | undefined): string | null {
	return typeof value === "string" ? value : null;
}

/**
 * The live engine that is wished for and, unless it is not wanted, its twin for tests: whose key pages on the developer's own
 * machine may use, and whose visitors no number of the dashboard counts.
 * @param slug of the org
 */
export function newEngines(wish: EngineWish, slug: string, withTest: boolean): NewEngine[] {
	const id = `site_${idPart(slug)}_${randomSuffix(8)}`;
	const live = { ...wish, id, siteKey: newSiteKey(slug, "live") };
	if (!withTest) return [live];
	const name = truncate(wish.name, MAX_NAME_CHARS - TEST_MARK.length) + TEST_MARK;
	return [live, { ...wish, name, id: `${id}_test`, siteKey: newSiteKey(slug, "test") }];
}

/** A slug as it stands in an id. */
export function idPart(slug: string): string {
	return slug.slice(0, SLUG_CHARS_IN_ID).replaceAll("-", "_");
}

/**
 * The statement that makes an engine.
 * @param condition `FROM … WHERE …` over ?1 and on, which gives one row where it is to be made
 */
export function newEngineStatement(
	db: D1Database,
	engine: NewEngine,
	at: string,
	condition: { sql: string; parameters: readonly StoredValue[] },
): D1PreparedStatement {
	const { id, siteKey, name, type, allowedOrigins } = engine;
	const values = [id, siteKey, name, type, allowedOrigins, at];
	const [n, ...others] = values.map((_, index) => `?${condition.parameters.length + index + 1}`);
	const createdAt = others.at(-1);
	return db
		.prepare(`
			INSERT INTO portal_sites (org_id, id, site_key, name, type, allowed_origins, created_at, updated_at)
			SELECT ?1, ${n}, ${others.join(", ")}, ${createdAt} ${condition.sql}
			RETURNING id
		`)
		.bind(...condition.parameters, ...values);
}
