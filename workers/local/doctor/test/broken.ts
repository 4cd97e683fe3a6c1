import { createSigningKey } from "../../stand-ins/clerk/clerk-token.ts";
import type { Level } from "../finding.ts";
import type { TestSetup } from "./set-up.ts";

/** A finding as it must be: its check and level, and what its sentence and its mend say. */
type Expected = [check: string, level: Level, message: RegExp, mend: RegExp];

/** A set-up that is broken in one way, and what alone must be found. */
export interface Broken {
	title: string;
	change(setup: TestSetup): Promise<void> | void;
	finds: Expected[];
}

const PORTAL = "wrangler-portal.toml";
const CHAT = "wrangler-chat.toml";
const VOICE = "wrangler-voice.toml";

const secrets: Broken[] = [
	{
		title: "a secret that was never put",
		change({ account }) {
			account.secrets[`${PORTAL} `] = (account.secrets[`${PORTAL} `] ?? []).filter(
				(name) => name !== "STRIPE_WEBHOOK_SECRET",
			);
		},
		finds: [
			[
				"secrets",
				"fix",
				/^koby-portal has no STRIPE_WEBHOOK_SECRET/,
				/^npx wrangler secret put STRIPE_WEBHOOK_SECRET --config wrangler-portal\.toml --env=""$/,
			],
		],
	},
	{
		title: "a secret whose name is mistyped",
		change: ({ account }) => void Object.assign(account.secrets, { [`${VOICE} conversation`]: ["ELEVENLABS_KEY"] }),
		finds: [
			[
				"secrets",
				"fix",
				/^chadis-voice-conversation has no ELEVENLABS_API_KEY/,
				/secret put ELEVENLABS_API_KEY --config wrangler-voice\.toml --env conversation$/,
			],
			["secrets", "warn", /has a secret ELEVENLABS_KEY, which its code does not read/, /secret delete ELEVENLABS_KEY/],
		],
	},
	{
		title: "an optional secret that is missing",
		change: ({ account }) => void Object.assign(account.secrets, { [`${CHAT} `]: ["GEMINI_API_KEY"] }),
		finds: [
			[
				"secrets",
				"warn",
				/chadis-chat has no VERTEX_SERVICE_ACCOUNT: organizations with provider_policy baa/,
				/secret put VERTEX_SERVICE_ACCOUNT/,
			],
		],
	},
	{
		title: "a worker that was never deployed",
		change: ({ account }) => void delete account.secrets[`${CHAT} `],
		finds: [
			[
				"secrets",
				"warn",
				/chadis-chat are not known: there is no such worker yet/,
				/secret list --config wrangler-chat\.toml/,
			],
		],
	},
];

const clerk: Broken[] = [
	{
		title: "a Clerk domain that is the address of its keys",
		change: ({ keys }) => void keys.set("CLERK_DOMAIN", "clerk.koby.ai/.well-known/jwks.json"),
		finds: [["clerk.issuer", "fix", /no bare host name/, /secret put CLERK_DOMAIN/]],
	},
	{
		title: "a development instance of Clerk's in production",
		change: ({ keys }) => void keys.set("CLERK_DOMAIN", "happy-cat-1.clerk.accounts.dev"),
		finds: [["clerk.issuer", "fix", /is a development instance of Clerk's/, /secret put CLERK_DOMAIN/]],
	},
	{
		title: "a Clerk instance whose keys cannot be had",
		change: ({ fault }) => fault("CLERK_DOMAIN", { status: 503 }),
		finds: [["clerk.keys", "fix", /cannot be had: it answered 503/, /^curl -i https:\/\/clerk-.*jwks\.json$/]],
	},
	{
		title: "a Clerk secret of another instance",
		async change({ servers, keys }) {
			const { publicJwk } = await createSigningKey();
			await servers.control("clerk/keys", { host: keys.get("CLERK_SECRET_KEY"), keys: [publicJwk] });
		},
		finds: [["clerk.secret-key", "fix", /another instance than CLERK_DOMAIN/, /secret put CLERK_SECRET_KEY/]],
	},
	{
		title: "a development secret of Clerk's in production",
		change: ({ keys }) => void keys.set("CLERK_SECRET_KEY", "sk_test_development"),
		finds: [
			["clerk.secret-key", "fix", /of a development instance, and this is production/, /secret put CLERK_SECRET_KEY/],
		],
	},
	{
		title: "a pinned key that is none",
		change: ({ edit }) => edit(PORTAL, 'CLERK_JWT_KEY = ""', 'CLERK_JWT_KEY = "MIIB"'),
		finds: [["clerk.pinned-key", "fix", /CLERK_JWT_KEY is no RSA public key/, /CLERK_JWT_KEY = "" below \[vars\]/]],
	},
	{
		title: "an origin of the dashboard with a path",
		change: ({ edit }) =>
			edit(
				PORTAL,
				'PORTAL_ORIGINS = "https://portal.koby.ai"',
				'PORTAL_ORIGINS = "https://portal.koby.ai,https://admin.koby.ai/"',
			),
		finds: [
			[
				"clerk.parties",
				"fix",
				/https:\/\/admin\.koby\.ai\/ in PORTAL_ORIGINS is no exact https origin/,
				/PORTAL_ORIGINS = "https:\/\/admin\.koby\.ai"/,
			],
		],
	},
	{
		title: "authorized parties without the dashboard",
		change: ({ edit }) =>
			edit(PORTAL, 'CLERK_AUTHORIZED_PARTIES = ""', 'CLERK_AUTHORIZED_PARTIES = "https://app.koby.ai"'),
		finds: [
			[
				"clerk.parties",
				"fix",
				/Tokens of https:\/\/portal\.koby\.ai are refused/,
				/"https:\/\/app\.koby\.ai,https:\/\/portal\.koby\.ai"/,
			],
		],
	},
	{
		title: "staff named by e-mail",
		change: ({ edit }) => edit(PORTAL, 'STAFF_USER_IDS = ""', 'STAFF_USER_IDS = "me@koby.ai"'),
		finds: [["clerk.staff", "fix", /no id of a Clerk user/, /STAFF_USER_IDS/]],
	},
];

const gemini: Broken[] = [
	{
		title: "a key of Gemini's that is refused",
		change: ({ keys }) => void keys.set("GEMINI_API_KEY", "invalid"),
		finds: [
			["gemini.key", "fix", /Gemini refuses GEMINI_API_KEY/, /secret put GEMINI_API_KEY --config wrangler-chat\.toml/],
		],
	},
	{
		title: "a model that there is not",
		change: ({ edit }) => edit(CHAT, /gemini-3\.1-flash-lite/g, "gemini-3.1-flash-mini"),
		finds: [
			["gemini.models", "fix", /no model gemini-3\.1-flash-mini/, /GEMINI_FALLBACK_MODEL = "gemini-3\.5-flash-lite"/],
		],
	},
	{
		title: "a model that ends in two days",
		change: ({ edit }) => edit(CHAT, /gemini-3\.1-flash-lite/g, "gemini-2.5-flash"),
		finds: [
			[
				"gemini.models",
				"warn",
				/gemini-2\.5-flash ends 2026-12-01/,
				/GEMINI_FALLBACK_MODEL = "gemini-3\.5-flash-lite" below \[vars\] in wrangler-chat\.toml/,
			],
		],
	},
	{
		title: "a model of whose end Google itself tells",
		change: ({ fault }) =>
			fault("GEMINI_API_KEY", {
				path: "gemini-3.5-flash-lite:generateContent",
				reply: { model_status: { modelStage: "DEPRECATED", retirementTime: "2027-01-31T00:00:00Z" } },
			}),
		finds: [["gemini.models", "warn", /gemini-3\.5-flash-lite: Google says ends 2027-01-31/, /GEMINI_MODEL = /]],
	},
	{
		title: "a place that Gemini refuses",
		change: ({ fault }) =>
			fault("GEMINI_API_KEY", { path: ":generateContent", times: 2, status: 400, code: "FAILED_PRECONDITION" }),
		finds: [
			["gemini.models", "fix", /gemini-3\.5-flash-lite does not answer: it answered 400/, /quota and the region/],
			["gemini.models", "fix", /gemini-3\.1-flash-lite does not answer/, /quota and the region/],
		],
	},
	{
		title: "an engine whose model has no price",
		change: ({ database }) =>
			database.exec("UPDATE portal_sites SET model = 'gemini-4-argon' WHERE id = 'site_chadis'"),
		finds: [["gemini.prices", "fix", /gemini-4-argon has no line in GEMINI_MODELS/, /GEMINI_MODELS/]],
	},
];

export const BROKEN: readonly Broken[] = [...secrets, ...clerk, ...gemini];
