import { generateKeyPairSync, randomBytes } from "node:crypto";
import { pageOrigin } from "./settings.ts";
import { VENDORS, VENDOR_KEYS } from "./vendors.ts";
import type { VendorName } from "./vendors.ts";

/** Who is a stand-in, and what the workers are told beyond their tomls. */
export interface LocalVariables {
	standIns: VendorName[];
	/** Over every worker's variables of these names. */
	variables: Map<string, string>;
	/** By name; a worker gets those that its secrets.example lists. */
	secrets: Map<string, string>;
}

/**
 * A vendor without its key in .dev.vars is a stand-in: its base URL points here, and its secrets are made up.
 * @param standInOrigin where the stand-ins are reached, such as http://127.0.0.1:8787
 */
export function localVariables(devVars: ReadonlyMap<string, string>, standInOrigin: string): LocalVariables {
	const standIns = VENDORS.filter((vendor) => !devVars.has(VENDOR_KEYS[vendor].key));
	const variables = new Map([
		// The page has the dashboard of a demonstration; whoever runs another one names it in .dev.vars.
		["PORTAL_URL", pageOrigin(Number(new URL(standInOrigin).port))],
		["ELEVENLABS_AGENT_ID", "agent_local"],
		// The gateway passes on to these workers what comes there.
		["VOICE_BASE_URL", `${standInOrigin}/voice/`],
		["CONVERSATION_BASE_URL", `${standInOrigin}/conversation/`],
		["CHAT_BASE_URL", `${standInOrigin}/chat/`],
		...devVars,
	]);
	const secrets = new Map<string, string>();
	variables.set("ENVIRONMENT", "development");
	// A made-up key must never travel to a vendor, nor a real one to a stand-in: together they follow from who is a stand-in.
	for (const vendor of VENDORS) {
		const { key, others, baseUrl } = VENDOR_KEYS[vendor];
		const isStandIn = standIns.includes(vendor);
		if (isStandIn) variables.set(baseUrl, standInOrigin);
		for (const name of [key, ...others]) {
			const value = isStandIn ? throwAway(name, standInOrigin) : devVars.get(name);
			if (value !== undefined) secrets.set(name, value);
		}
	}
	// A stand-in keeps nothing, so that what an org with `provider_policy` baa is answered by can be seen without an account.
	if (standIns.includes("Vertex AI") && !devVars.has("COVERED_HOSTS"))
		variables.set("COVERED_HOSTS", new URL(standInOrigin).hostname);
	if (!standIns.includes("ElevenLabs") && !devVars.has("ELEVENLABS_AGENT_ID")) variables.delete("ELEVENLABS_AGENT_ID");
	return { standIns, variables, secrets };
}

function throwAway(name: string, standInOrigin: string): string {
	if (name === "CLERK_DOMAIN") return new URL(standInOrigin).host;
	if (name === "VERTEX_SERVICE_ACCOUNT") return keyFile(standInOrigin);
	const text = randomBytes(24).toString("hex");
	if (name === "STRIPE_WEBHOOK_SECRET") return `whsec_${text}`;
	return name === "GEMINI_API_KEY" || name === "ELEVENLABS_API_KEY" ? text : `sk_test_${text}`;
}

/** A service account's key file, whose assertions are good here alone. */
function keyFile(standInOrigin: string): string {
	const { privateKey } = generateKeyPairSync("rsa", {
		modulusLength: 2048,
		publicKeyEncoding: { type: "spki", format: "pem" },
		privateKeyEncoding: { type: "pkcs8", format: "pem" },
	});
	return JSON.stringify({
		type: "service_account",
		project_id: "koby-local",
		private_key_id: randomBytes(20).toString("hex"),
		private_key: privateKey,
		client_email: "local@koby-local.iam.gserviceaccount.com",
		token_uri: `${standInOrigin}/token`,
	});
}
