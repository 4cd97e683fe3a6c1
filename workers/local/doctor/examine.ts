import type { Facts } from "./facts.ts";
import { warn } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { gather } from "./gather/gather.ts";
import type { Setup } from "./gather/gather.ts";
import { isHopeless } from "./gather/cloudflare.ts";
import { judgeAddresses } from "./judge/addresses.ts";
import { judgeAgreements } from "./judge/agreements.ts";
import { judgeClerk } from "./judge/clerk.ts";
import { judgeCrons } from "./judge/cron.ts";
import { judgeDatabase, judgeOrigins } from "./judge/database.ts";
import { judgeDeployed } from "./judge/deployed.ts";
import { judgeElevenLabs } from "./judge/elevenlabs.ts";
import { judgeGemini } from "./judge/gemini.ts";
import { judgeLimiters } from "./judge/limiters.ts";
import { judgeSecrets } from "./judge/secrets.ts";
import { judgeStripe } from "./judge/stripe.ts";
import { judgeTomls } from "./judge/tomls.ts";

/** Every check, in the order of the report. Each is a function of the facts alone. */
const CHECKS: readonly ((facts: Facts) => Finding[])[] = [
	judgeTomls,
	judgeLimiters,
	judgeAddresses,
	judgeCloudflare,
	judgeSecrets,
	judgeDatabase,
	judgeCrons,
	judgeOrigins,
	judgeAgreements,
	judgeClerk,
	judgeStripe,
	judgeGemini,
	judgeElevenLabs,
	judgeDeployed,
];

/** Looks at everything, and says what is right, what somebody should look at, and what is to be mended and how. */
export async function examine(setup: Setup): Promise<Finding[]> {
	const facts = await gather(setup);
	return CHECKS.flatMap((check) => check(facts));
}

/** Wrangler's own trouble, told before what nobody could be asked for its sake. */
function judgeCloudflare({ databases, place }: Facts): Finding[] {
	if (place === "local" || !("unknown" in databases) || !isHopeless(databases.unknown)) return [];
	return [
		warn(
			"cloudflare",
			`Of the account nothing is known: ${databases.unknown}.`,
			databases.unknown.includes("logged in") ? "npx wrangler login" : "npx wrangler whoami",
		),
	];
}
