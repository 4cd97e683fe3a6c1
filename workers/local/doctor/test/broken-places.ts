import type { Broken } from "./broken.ts";
import { DATABASE_ID, STAGING_ID, versions } from "./set-up.ts";

const PORTAL = "wrangler-portal.toml";
const CHAT = "wrangler-chat.toml";
const VOICE = "wrangler-voice.toml";

/** Set-ups whose database, schedule or customers are not as they should be. */
export const BROKEN_PLACES: readonly Broken[] = [
	{
		title: "a database id that is still the placeholder",
		change({ edit }) {
			for (const file of [PORTAL, CHAT, VOICE])
				edit(file, new RegExp(DATABASE_ID, "g"), "00000000-0000-0000-0000-000000000000");
		},
		finds: [
			["database", "fix", /still the placeholder/, new RegExp(`^npm run database-id -- production ${DATABASE_ID}$`)],
		],
	},
	{
		title: "a database that the account does not have",
		change: ({ account }) => void account.databases.splice(0),
		finds: [
			["database", "fix", /no database koby-portal-db/, /wrangler d1 create koby-portal-db, then: npm run database-id/],
			["stripe.prices", "warn", /plans are not known/, /./],
		],
	},
	{
		title: "one worker with another database",
		change: ({ edit }) => edit(CHAT, DATABASE_ID, STAGING_ID),
		finds: [["database", "fix", /^chat has another database than the portal/, /database-id -- production/]],
	},
	{
		title: "a schema that waits for its migrations",
		change(setup) {
			setup.database.exec("DELETE FROM schema_version WHERE version > 17");
			setup.health = { status: 503, body: { status: "failed", schema: versions(17) } };
		},
		finds: [
			["schema", "fix", /schema version 17, and this code needs \d+/, /^npm run migrate -- --remote$/],
			["stripe.prices", "warn", /plans are not known/, /./],
			["deployed", "fix", /database is too old/, /schema/],
		],
	},
	{
		title: "a scheduled run that stands still",
		change: ({ database }) =>
			database.exec(
				"UPDATE cron_runs SET ended_at = '2026-11-29T10:00:00.000Z' WHERE cron = '*/5 * * * *' AND worker = 'koby-portal'",
			),
		finds: [
			[
				"cron",
				"fix",
				/"\*\/5 \* \* \* \*" of koby-portal last came to its end 2026-11-29T10:00/,
				/wrangler deploy --config wrangler-portal\.toml.*wrangler tail/,
			],
		],
	},
	{
		title: "a scheduled run that never was",
		change: ({ database }) => database.exec("DELETE FROM cron_runs WHERE worker = 'chadis-voice-conversation'"),
		finds: [
			[
				"cron",
				"fix",
				/chadis-voice-conversation has never come to its end/,
				/deploy --config wrangler-voice\.toml --env conversation/,
			],
		],
	},
	{
		title: "an engine that any page may use",
		change: ({ database }) => database.exec("UPDATE portal_sites SET allowed_origins = NULL WHERE id = 'site_chadis'"),
		finds: [["origins", "warn", /Any https page may use site_chadis/, /PATCH \/portal\/engines\/site_chadis/]],
	},
	{
		title: "organizations under an agreement, and no account of Vertex AI",
		change({ database, account, edit }) {
			database.exec("UPDATE org_config SET provider_policy = 'baa' WHERE org_id = 'org_chadis'");
			account.secrets[`${CHAT} `] = ["GEMINI_API_KEY"];
			edit(CHAT, /COVERED_HOSTS = ""/g, 'COVERED_HOSTS = "aiplatform.us.rep.googleapis.com"');
		},
		finds: [
			["secrets", "warn", /chadis-chat has no VERTEX_SERVICE_ACCOUNT/, /secret put/],
			[
				"agreements",
				"fix",
				/1 organizations demand an agreement, and the chat has no VERTEX_SERVICE_ACCOUNT/,
				/secret put VERTEX_SERVICE_ACCOUNT/,
			],
		],
	},
	{
		title: "a list of covered hosts that covers nobody",
		change: ({ edit }) => edit(CHAT, /COVERED_HOSTS = ""/g, 'COVERED_HOSTS = "https://aiplatform.googleapis.com"'),
		finds: [["agreements", "fix", /is no host's name/, /COVERED_HOSTS = ""/]],
	},
	{
		title: "organizations under an agreement, and nobody covered",
		change: ({ database }) =>
			database.exec("UPDATE org_config SET provider_policy = 'baa' WHERE org_id = 'org_chadis'"),
		finds: [
			[
				"agreements",
				"fix",
				/COVERED_HOSTS of the chat lacks aiplatform\.us\.rep\.googleapis\.com/,
				/COVERED_HOSTS = "aiplatform\.us\.rep\.googleapis\.com"/,
			],
		],
	},
];
