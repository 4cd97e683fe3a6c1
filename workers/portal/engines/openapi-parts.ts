import {
	COUNT,
	ENGINE_TYPE,
	ENVIRONMENT,
	FLAG,
	INSTANT,
	TEXT,
	choice,
	each,
	listOf,
	orNull,
} from "../request/openapi-parts.ts";

/** What every answer shows of an engine. */
export const ENGINE = {
	...each(["id", "name", "site_key"], TEXT),
	type: ENGINE_TYPE,
	status: choice("active", "paused", "archived"),
	environment: ENVIRONMENT,
	allowed_origins: { ...orNull(listOf(TEXT)), description: "null = any https origin." },
	origins_open: FLAG,
	last_active_at: orNull(INSTANT),
	sessions_30d: COUNT,
	messages_30d: COUNT,
};

export const ORIGINS = {
	...orNull(listOf({ type: "string", maxLength: 300 }, 50)),
	description: "Origins as browsers send them; null = any https origin.",
};
