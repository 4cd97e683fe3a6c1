import { parseJsonObject } from "../../lib/http/body.ts";
import type { FieldError } from "../../lib/http/errors.ts";
import { invalidFields } from "../../lib/http/fields.ts";
import { normalized } from "../../lib/text/normalized.ts";
import { readEngineWish } from "../engines/new-engine.ts";
import type { EngineWish } from "../engines/new-engine.ts";
import type { StoredValue } from "../request/patch-rules.ts";
import { objectField, readNewFields, readWithin } from "../request/new-fields.ts";
import { CONFIG_FIELDS, shownConfig } from "../settings/config-fields.ts";
import { parseConfigPatch } from "../settings/config-patch.ts";
import type { ConfigField } from "../settings/config-patch.ts";
import { CLIENT_RULES, MAX_SLUG_CHARS } from "./client-fields.ts";
import type { ClientField } from "./client-fields.ts";

/** What is asked of a new client. */
export interface ClientWish {
	slug: string;
	clerkOrgId: string | null;
	/** The other columns of its org; what is not among them has the schema's default. */
	columns: Partial<Record<ClientField, StoredValue>>;
	engine: EngineWish;
	config: [ConfigField, StoredValue][];
	/** The names of what was asked, for the audit log. */
	fields: string[];
}

/**
 * The body of `POST /portal/clients`: `name`, and whatever else is not to be as usual.
 * @throws {ApiError} invalid_json, invalid_request naming all faulty fields
 */
export function parseNewClient(bytes: Uint8Array): ClientWish {
	const body = parseJsonObject(bytes);
	const faults: FieldError[] = [];
	const given = readNewFields({ body, rules: CLIENT_RULES, whole: "a client", others: ["engine", "config"] }, faults);
	const { slug, clerk_org_id: clerkOrgId, ...columns } = given;
	const engine = readEngineWish(objectField(body, "engine", faults), faults, "engine.");
	const config = readConfig(objectField(body, "config", faults), faults);
	const name = columns.name;
	if (name === undefined && !faults.some(({ field }) => field === "name"))
		faults.push({ field: "name", message: "is required" });
	const named = typeof slug === "string" ? slug : slugOf(typeof name === "string" ? name : "");
	if (named === "" && typeof name === "string" && !faults.some(({ field }) => field === "slug"))
		faults.push({ field: "slug", message: "is required where the name has no Latin letters or digits" });
	if (faults.length > 0) throw invalidFields(faults);
	return {
		slug: named,
		clerkOrgId: typeof clerkOrgId === "string" ? clerkOrgId : null,
		columns,
		engine,
		config,
		fields: Object.keys(body),
	};
}

/** A configuration begins with the defaults, so what says the same as they do is not stored. */
function readConfig(config: Record<string, unknown>, faults: FieldError[]): [ConfigField, StoredValue][] {
	if (Object.hasOwn(config, "version")) faults.push({ field: "config.version", message: "is not for a new client" });
	return readWithin("config.", faults, () => parseConfigPatch(config, true, DEFAULTS).changes) ?? [];
}

/** What applies where every column is NULL. `display_name`, which is the org's name then, is stored where it is sent. */
const DEFAULTS = shownConfig({ org_name: null, ...Object.fromEntries(CONFIG_FIELDS.map((field) => [field, null])) });

/** A slug made of a name: its Latin letters without their marks, and digits, with hyphens between words; empty where it has none. */
function slugOf(name: string): string {
	const words = normalized(name, "NFKD")
		.toLowerCase()
		.replace(/\p{M}+/gu, "")
		.match(/[a-z0-9]+/g);
	return (words ?? []).join("-").slice(0, MAX_SLUG_CHARS).replace(/-$/, "");
}
