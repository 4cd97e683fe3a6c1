import { VENDOR_KEYS } from "../../run/vendors.ts";
import type { VendorName } from "../../run/vendors.ts";
import type { Asked, DatabaseContent, Deployment, Facts } from "../facts.ts";
import { deploymentOf, items, variable } from "../tables.ts";
import { parseJson } from "../../../lib/http/json.ts";
import { table } from "../tables.ts";
import type { Asking } from "./ask.ts";
import { clerkFacts } from "./clerk.ts";
import { elevenLabsFacts } from "./elevenlabs.ts";
import { geminiFacts } from "./gemini.ts";
import { stripeFacts } from "./stripe.ts";
import { vendorUrl } from "./vendor-url.ts";
import type { VendorVariable } from "./vendor-url.ts";

/** By what the vendors are asked. */
interface Place {
	deployments: readonly Deployment[];
	environment: string;
	keys: ReadonlyMap<string, string>;
	standIns: readonly VendorName[];
	content: DatabaseContent | undefined;
}

type VendorFacts = Pick<Facts, "clerk" | "stripe" | "gemini" | "elevenlabs">;

/** Asks every vendor whose key is at hand, all at once. */
export async function vendors(asking: Asking, place: Place): Promise<VendorFacts> {
	const [clerk, stripe, gemini, elevenlabs] = await Promise.all([
		askClerk(asking, place),
		askVendor(place, "Stripe", "portal", "STRIPE_API_BASE", (url, key) =>
			stripeFacts(asking, url, key, place.content?.lookupKeys),
		),
		askVendor(place, "Gemini", "chat", "GEMINI_BASE_URL", (url, key, chat) =>
			geminiFacts(asking, url, key, modelsOf(chat, place.content)),
		),
		askVendor(place, "ElevenLabs", "voice", "ELEVENLABS_BASE_URL", (url, key, voice) =>
			elevenLabsFacts(asking, url, key, libraryOf(voice, place)),
		),
	]);
	return { clerk, stripe, gemini, elevenlabs };
}

async function askVendor<T>(
	{ deployments, environment, keys, standIns }: Place,
	vendor: VendorName,
	folder: "portal" | "chat" | "voice",
	name: VendorVariable,
	asked: (url: string, key: string, deployment: Deployment) => Promise<T>,
): Promise<Asked<T>> {
	if (standIns.includes(vendor)) return { skipped: "stand-in" };
	const key = keys.get(VENDOR_KEYS[vendor].key);
	const deployment = deploymentOf(deployments, folder);
	if (key === undefined || deployment === undefined) return { skipped: "no key" };
	const url = vendorUrl(name, variable(deployment, name), environment);
	return url === undefined ? { skipped: "bad address" } : { facts: await asked(url, key, deployment) };
}

/** The domain is no secret of Clerk's, so it is asked for its keys wherever the Backend API is said to be. */
async function askClerk(
	asking: Asking,
	{ deployments, environment, keys, standIns }: Place,
): Promise<VendorFacts["clerk"]> {
	if (standIns.includes("Clerk")) return { skipped: "stand-in" };
	const domain = keys.get("CLERK_DOMAIN");
	const portal = deploymentOf(deployments, "portal");
	if (domain === undefined || portal === undefined) return { skipped: "no key" };
	const apiUrl = vendorUrl("CLERK_API_URL", variable(portal, "CLERK_API_URL"), environment);
	return { facts: await clerkFacts(asking, { domain, secretKey: keys.get("CLERK_SECRET_KEY"), apiUrl, environment }) };
}

/** The models of a chat and of the engines that name their own. */
function modelsOf(chat: Deployment, content: DatabaseContent | undefined) {
	const answering = ["GEMINI_MODEL", "GEMINI_FALLBACK_MODEL"].map((name) => variable(chat, name));
	const embedding = variable(chat, "GEMINI_EMBEDDING_MODEL");
	const priced = pricedModels(chat);
	const engines = (content?.models ?? []).filter((model) => priced.includes(model));
	const named = (models: readonly string[]): string[] => models.filter((model) => model !== "");
	return { answering: named(answering), all: named([...answering, ...priced, ...engines, embedding]) };
}

/** The models that a chat has a price of, and so may ask. */
export function pricedModels(chat: Deployment): string[] {
	return Object.keys(table(parseJson(variable(chat, "GEMINI_MODELS"))));
}

function libraryOf(voice: Deployment, { deployments, content }: Place) {
	const conversation = deploymentOf(deployments, "conversation");
	const both = [voice, ...(conversation === undefined ? [] : [conversation])];
	const voices = both.flatMap((one) => [variable(one, "ELEVENLABS_VOICE_ID"), ...items(one, "ELEVENLABS_VOICE_IDS")]);
	const own = conversation === undefined ? "" : variable(conversation, "ELEVENLABS_AGENT_ID");
	return {
		voices: voices.filter((id) => id !== ""),
		modelId: variable(voice, "ELEVENLABS_MODEL_ID"),
		outputFormat: variable(voice, "ELEVENLABS_OUTPUT_FORMAT"),
		agents: [own, ...(content?.agents ?? [])].filter((id) => id !== ""),
	};
}
