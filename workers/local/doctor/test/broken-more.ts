import { HANDLED_EVENTS } from "../../../portal/events/handled-events.ts";
import type { Broken } from "./broken.ts";
import { AGENT } from "./set-up.ts";
import type { TestSetup } from "./set-up.ts";

const PORTAL = "wrangler-portal.toml";
const CHAT = "wrangler-chat.toml";
const VOICE = "wrangler-voice.toml";

/** Changes what the Stripe stand-in has. */
function stripeHas(state: Record<string, unknown[]>) {
	return ({ servers, keys }: TestSetup) =>
		servers.control("stripe/state", { credential: keys.get("STRIPE_SECRET_KEY"), ...state });
}

const WEBHOOK = { id: "we_good", url: "https://portal-worker.koby.ai/webhooks/stripe", enabled_events: HANDLED_EVENTS };

const stripe: Broken[] = [
	{
		title: "a test key of Stripe's in production",
		change: ({ keys }) => void keys.set("STRIPE_SECRET_KEY", "sk_test_wrongmode"),
		finds: [
			[
				"stripe.key",
				"fix",
				/test mode, and production wants live/,
				/secret put STRIPE_SECRET_KEY --config wrangler-portal/,
			],
		],
	},
	{
		title: "a key of Stripe's that is refused",
		change: ({ keys }) => void keys.set("STRIPE_SECRET_KEY", "sk_live_invalid"),
		finds: [["stripe.key", "fix", /Stripe refuses STRIPE_SECRET_KEY/, /secret put STRIPE_SECRET_KEY/]],
	},
	{
		title: "a plan without a price",
		change: stripeHas({ prices: [{ id: "price_voice_monthly", lookup_key: "other" }] }),
		finds: [
			[
				"stripe.prices",
				"fix",
				/No price has the lookup key voice_monthly/,
				/^curl https:\/\/api\.stripe\.com\/v1\/prices .*lookup_key=voice_monthly/,
			],
		],
	},
	{
		title: "a price that is archived",
		change: stripeHas({ prices: [{ id: "price_chatbot_monthly", lookup_key: "chatbot_monthly", active: false }] }),
		finds: [
			["stripe.prices", "fix", /price chatbot_monthly is archived/, /prices\/price_chatbot_monthly .*active=true/],
		],
	},
	{
		title: "a price whose product is archived",
		change: stripeHas({
			prices: [{ id: "price_chatbot_monthly", lookup_key: "chatbot_monthly", product: "prod_old" }],
			products: [{ id: "prod_old", active: false }],
		}),
		finds: [
			["stripe.prices", "fix", /product of the price chatbot_monthly is archived/, /products\/prod_old .*active=true/],
		],
	},
	{
		title: "events that go elsewhere",
		change: stripeHas({ webhook_endpoints: [{ ...WEBHOOK, url: "https://old.koby.ai/webhooks/stripe" }] }),
		finds: [
			[
				"stripe.webhook",
				"fix",
				/No webhook endpoint .* is https:\/\/portal-worker\.koby\.ai\/webhooks\/stripe/,
				/-d url=https:\/\/portal-worker\.koby\.ai\/webhooks\/stripe -d api_version=.*invoice\.paid/,
			],
		],
	},
	{
		title: "an endpoint that is disabled, and lacks an event",
		change: stripeHas({
			webhook_endpoints: [{ ...WEBHOOK, status: "disabled", enabled_events: HANDLED_EVENTS.slice(1) }],
		}),
		finds: [
			["stripe.webhook", "fix", /endpoint is disabled/, /webhook_endpoints\/we_good .*disabled=false/],
			[
				"stripe.webhook",
				"fix",
				/does not send checkout\.session\.completed\./,
				/enabled_events\[\]=checkout\.session\.completed/,
			],
		],
	},
	{
		title: "events of another version of the API",
		change: stripeHas({ webhook_endpoints: [{ ...WEBHOOK, api_version: null }] }),
		finds: [["stripe.webhook", "warn", /API version of the account/, /api_version=2026/]],
	},
	{
		title: "no customer portal",
		change: stripeHas({ portal_configurations: [{ active: false }] }),
		finds: [["stripe.portal", "fix", /no default configuration/, /dashboard\.stripe\.com\/settings\/billing\/portal/]],
	},
];

function agent(settings: Record<string, unknown>) {
	return ({ servers }: TestSetup) => servers.control("elevenlabs/agents", { id: AGENT, ...settings });
}

const elevenlabs: Broken[] = [
	{
		title: "a key of ElevenLabs' that is refused",
		change: ({ keys }) => void keys.set("ELEVENLABS_API_KEY", "invalid"),
		finds: [["elevenlabs.key", "fix", /ElevenLabs refuses ELEVENLABS_API_KEY/, /secret put ELEVENLABS_API_KEY/]],
	},
	{
		title: "a key that may not read voices",
		change: ({ fault }) =>
			fault("ELEVENLABS_API_KEY", { path: "/v1/voices/", status: 401, code: "missing_permissions" }),
		finds: [["elevenlabs.voices", "warn", /may not read the voice hpp4J3VqNfWAUOO0d1Us/, /voices_read/]],
	},
	{
		title: "credits that are used up",
		change: ({ fault }) =>
			fault("ELEVENLABS_API_KEY", { path: "/text-to-speech/", status: 401, code: "quota_exceeded" }),
		finds: [["elevenlabs.key", "fix", /no credits left/, /app\/subscription/]],
	},
	{
		title: "a voice that ends with the year",
		change: ({ edit }) => edit(VOICE, /ELEVENLABS_VOICE_ID = "\w+"/g, 'ELEVENLABS_VOICE_ID = "JBFqnCBsd6RMkjVDRZzb"'),
		finds: [
			[
				"elevenlabs.voices",
				"warn",
				/JBFqnCBsd6RMkjVDRZzb is one of the default voices/,
				/ELEVENLABS_VOICE_ID = "hpp4J3VqNfWAUOO0d1Us"/,
			],
		],
	},
	{
		title: "an agent that anybody can talk with",
		change: agent({ auth: { enable_auth: false } }),
		finds: [["elevenlabs.agents", "fix", /Whoever knows its id/, /PATCH .*agents\/agent_good .*"enable_auth":true/]],
	},
	{
		title: "an agent that talks for longer than is booked",
		change: agent({ conversation: { max_duration_seconds: 3600 } }),
		finds: [
			["elevenlabs.agents", "fix", /up to 3600 s, and MAX_SESSION_SECONDS books 600/, /"max_duration_seconds":600/],
		],
	},
	{
		title: "an agent that there is not",
		change: agent({ missing: true }),
		finds: [["elevenlabs.agents", "fix", /no agent agent_good/, /ELEVENLABS_AGENT_ID/]],
	},
	{
		title: "an agent that is said to keep nothing, and does",
		change: ({ edit }) =>
			edit(VOICE, /ELEVENLABS_ZERO_RETENTION_AGENTS = ""/g, `ELEVENLABS_ZERO_RETENTION_AGENTS = "${AGENT}"`),
		finds: [["elevenlabs.agents", "fix", /keeps what is said/, /"zero_retention_mode":true/]],
	},
];

const tomls: Broken[] = [
	{
		title: "two limiters of one namespace",
		change: ({ edit }) => edit(CHAT, 'namespace_id = "1303"', 'namespace_id = "1203"'),
		finds: [
			[
				"limiters",
				"fix",
				/SITE_LIMITER of chat staging shares the namespace 1203/,
				/namespace_id = "1205" in \[\[env\.staging\.ratelimits\]\] SITE_LIMITER/,
			],
		],
	},
	{
		title: "a variable that staging lacks",
		change: ({ edit }) => edit(PORTAL, /(\[env\.staging\.vars\][\s\S]*?)MAX_WEBHOOK_BYTES = .*\n/, "$1"),
		finds: [
			[
				"tomls",
				"fix",
				/portal staging has no variable MAX_WEBHOOK_BYTES/,
				/MAX_WEBHOOK_BYTES = "524288" below \[env\.staging\.vars\] in wrangler-portal\.toml/,
			],
		],
	},
	{
		title: "a limit that staging has otherwise",
		change: ({ edit }) =>
			edit(CHAT, /(\[env\.staging\.vars\][\s\S]*?)GEMINI_TIMEOUT_MS = "20000"/, '$1GEMINI_TIMEOUT_MS = "90000"'),
		finds: [["tomls", "warn", /GEMINI_TIMEOUT_MS of chat staging is not as in chat/, /GEMINI_TIMEOUT_MS = "20000"/]],
	},
	{
		title: "an environment that lacks its schedule",
		change: ({ edit }) => edit(PORTAL, /\[env\.staging\.triggers\]\ncrons = .*\n/, ""),
		finds: [["tomls", "fix", /portal staging has no triggers/, /\[env\.staging\.triggers\]/]],
	},
	{
		title: "a vendor's address that is somebody else's",
		change: ({ edit }) =>
			edit(PORTAL, /STRIPE_API_BASE = "https:\/\/api\.stripe\.com"/g, 'STRIPE_API_BASE = "https://api.stripe.example"'),
		finds: [
			[
				"addresses",
				"fix",
				/STRIPE_API_BASE of portal is no https address of the vendor's/,
				/STRIPE_API_BASE = "https:\/\/api\.stripe\.com"/,
			],
		],
	},
	{
		title: "a voice address of another worker",
		change: ({ edit }) =>
			edit(CHAT, 'VOICE_BASE_URL = ""', 'VOICE_BASE_URL = "https://chadis-voice-staging.kobyai.workers.dev/"'),
		finds: [
			[
				"addresses",
				"fix",
				/leads to chadis-voice-staging\.kobyai\.workers\.dev, and not to chadis-voice/,
				/VOICE_BASE_URL = "https:\/\/chadis-voice\.kobyai\.workers\.dev\/"/,
			],
		],
	},
	{
		title: "a contact that is an e-mail address alone",
		change: ({ edit }) =>
			edit(PORTAL, /SECURITY_CONTACT = "mailto:security@koby\.ai"/g, 'SECURITY_CONTACT = "security@koby.ai"'),
		finds: [["addresses", "fix", /SECURITY_CONTACT of portal is no mailto:/, /mailto:security@koby\.ai/]],
	},
];

const deployed: Broken[] = [
	{
		title: "a portal that cannot read a variable, has a test key, and misses Clerk's keys",
		change: ({ told }) =>
			void Object.assign(told, {
				unusable: ["MAX_BODY_BYTES"],
				stripe_mode: "test",
				clerk: { issuer: "https://clerk.koby.ai", keys: "unreachable" },
			}),
		finds: [
			[
				"deployed",
				"fix",
				/cannot read MAX_BODY_BYTES/,
				/mend MAX_BODY_BYTES in wrangler-portal\.toml, then: npx wrangler deploy/,
			],
			["deployed", "fix", /cannot have the keys of https:\/\/clerk\.koby\.ai/, /CLERK_DOMAIN/],
			["deployed", "fix", /key of Stripe's test mode/, /secret put STRIPE_SECRET_KEY/],
		],
	},
	...(
		[
			[401, "warn", /takes the token for none/, /--token/],
			[403, "warn", /nobody of staff/, /--token/],
			[404, "fix", /older than its doctor/, /wrangler deploy --config wrangler-portal\.toml/],
			[503, "warn", /tells nothing: it answered 503/, /wrangler tail/],
		] as const
	).map(
		([status, level, message, mend]): Broken => ({
			title: `a portal that answers its doctor ${status}`,
			change: (setup) => void Object.assign(setup, { toldStatus: status, told: { error: {} } }),
			finds: [["deployed", level, message, mend]],
		}),
	),
	{
		title: "a portal that was deployed from an older checkout",
		change: ({ health }) => void Object.assign(health, { body: { status: "ok", schema: { expected: 3, found: 25 } } }),
		finds: [["deployed", "warn", /older than this checkout: it knows schema version 3/, /wrangler deploy/]],
	},
	{
		title: "no token of staff",
		change(setup) {
			setup.token = undefined;
		},
		finds: [["deployed", "warn", /no token of staff/, /npm run doctor -- --env production --token/]],
	},
];

export const BROKEN_MORE: readonly Broken[] = [...stripe, ...elevenlabs, ...tomls, ...deployed];
