import { createClerk } from "./clerk/clerk.ts";
import { controlAnswer } from "./control-api.ts";
import type { ControlState } from "./control-api.ts";
import { createElevenLabs } from "./elevenlabs/elevenlabs.ts";
import { createGemini } from "./gemini/gemini.ts";
import type { Conversations } from "./elevenlabs/elevenlabs-conversations.ts";
import type { Embed } from "./gemini/gemini-embed.ts";
import { hashedWords } from "./gemini/hashed-words.ts";
import { createGoogleAccounts } from "./google/accounts.ts";
import { createTokenEndpoint } from "./google/token.ts";
import { createVertex, isVertexHost } from "./google/vertex.ts";
import { createLedger, newCall } from "./ledger.ts";
import { beforeHeaders, replacement, respond } from "./respond.ts";
import { isStripePage } from "./stripe/pages/pages.ts";
import type { PageSettings } from "./stripe/pages/pages.ts";
import { createStripe } from "./stripe/stripe.ts";
import { jsonAnswer } from "./wire.ts";
import type { Call, Vendor } from "./wire.ts";

const CONTROL_HOST = "stand-ins.test";
const LOOPBACK_HOSTS = new Set(["127.0.0.1", "localhost", "[::1]"]);
const MAX_UNEXPECTED = 100;

export interface StandIns {
	fetch(request: Request): Promise<Response>;
}

/** Those that this file makes. */
export interface OwnStandIns extends StandIns {
	/** ElevenLabs' conversations, for whoever serves their sockets. */
	conversations: Conversations;
}

interface StandInOptions {
	/** Wait between the chunks of streamed answers, ms: 0 but for a human's eyes. */
	chunkGapMs?: number;
	/** Stripe has every customer that it is asked about, as a database outlives the stand-ins' memory, and Google every account. */
	adoptsCustomers?: boolean;
	/** Stripe has pages on which people pay and cancel, and tells a webhook what they did. */
	stripePages?: PageSettings;
	/** Gemini answers from the passages that it is shown; else it repeats the question, which a test knows beforehand. */
	answersFromPassages?: boolean;
	/** Gemini's embeddings; words counted by their hash where no model is given. */
	embed?: Embed;
}

/**
 * Gemini, Vertex AI, ElevenLabs, Clerk and Stripe as they answer on the wire, with a control API at `http://stand-ins.test/control/…`.
 * All state lives in the returned object. A request that no vendor serves is refused loudly with 421 and counted.
 */
export function createStandIns({
	chunkGapMs = 0,
	adoptsCustomers = false,
	answersFromPassages = false,
	embed = hashedWords,
	stripePages,
}: StandInOptions = {}): OwnStandIns {
	const elevenlabs = createElevenLabs(chunkGapMs);
	const clerk = createClerk();
	const stripe = createStripe(adoptsCustomers, stripePages);
	const gemini = createGemini({ gapMs: chunkGapMs, answersFromPassages, embed });
	const google = createGoogleAccounts(adoptsCustomers);
	const token = createTokenEndpoint(google);
	const vertex = createVertex(google, { gapMs: chunkGapMs, answersFromPassages, embed });
	const state: ControlState = {
		ledger: createLedger(),
		conversations: elevenlabs.conversations,
		agents: elevenlabs.agents,
		clerk: clerk.state,
		stripe: stripe.state,
		google,
		unexpected: { count: 0, requests: [] },
	};
	const byHost = new Map<string, Vendor>([
		["generativelanguage.googleapis.com", gemini],
		["api.elevenlabs.io", elevenlabs.vendor],
		["api.clerk.com", clerk.backend],
		["api.stripe.com", stripe.vendor],
		["oauth2.googleapis.com", token],
	]);
	const vendorOf = (url: URL): Vendor | undefined => {
		if (clerk.state.servesFrontend(url)) return clerk.frontend;
		if (isVertexHost(url.hostname)) return vertex;
		if (!LOOPBACK_HOSTS.has(url.hostname)) return byHost.get(url.hostname);
		if (isStripePage(url.pathname)) return stripe.pages;
		return vendorOfPath(url.pathname, {
			gemini,
			elevenlabs: elevenlabs.vendor,
			clerk: clerk.backend,
			stripe: stripe.vendor,
			token,
			vertex,
		});
	};
	return { fetch: (request) => serve(request, state, vendorOf), conversations: elevenlabs.conversations };
}

/** On a loopback host the path tells the vendor: the vendors' paths are disjoint. */
function vendorOfPath(
	path: string,
	vendors: Record<"gemini" | "elevenlabs" | "clerk" | "stripe" | "token" | "vertex", Vendor>,
): Vendor | undefined {
	if (path === "/token") return vendors.token;
	if (path.startsWith("/v1/projects/")) return vendors.vertex;
	if (/^\/v1(beta)?\/models(\/|$)/.test(path)) return vendors.gemini;
	if (/^\/v1\/(text-to-speech|voices|convai)\//.test(path)) return vendors.elevenlabs;
	if (/^\/v1\/(organizations|users)\/|^\/v1\/jwks$/.test(path)) return vendors.clerk;
	return /^\/v1\/(customers|subscriptions|subscription_items|prices|webhook_endpoints|checkout|billing_portal)(\/|$)/.test(
		path,
	)
		? vendors.stripe
		: undefined;
}

async function serve(
	request: Request,
	state: ControlState,
	vendorOf: (url: URL) => Vendor | undefined,
): Promise<Response> {
	const url = new URL(request.url);
	const onControl =
		url.hostname === CONTROL_HOST || (LOOPBACK_HOSTS.has(url.hostname) && url.pathname.startsWith("/control/"));
	const call = newCall("control", request, url, "");
	if (onControl)
		return respond((await controlAnswer(request, url, state)) ?? unexpected(request, state), undefined, call);
	const vendor = vendorOf(url);
	if (vendor === undefined) return respond(unexpected(request, state), undefined, call);
	return serveVendor(request, url, vendor, state);
}

async function serveVendor(request: Request, url: URL, vendor: Vendor, state: ControlState): Promise<Response> {
	const { headers, method, signal } = request;
	// Faults are taken on arrival, so that their order follows the calls'; a body is waited for only where it says who calls.
	const early = vendor.credentialInBody === undefined ? undefined : await request.text();
	const credential = early === undefined ? vendor.credential(headers, url) : (vendor.credentialInBody?.(early) ?? "");
	const fault = state.ledger.takeFault(credential, url.pathname + url.search);
	const text = early ?? (await request.text());
	const call: Call = newCall(vendor.name, request, url, text);
	state.ledger.record(credential, call);
	try {
		await beforeHeaders(fault, signal);
	} catch (error) {
		call.response = fault?.reset === true ? "broken" : "cancelled";
		throw error;
	}
	const replaced = replacement(fault, vendor);
	if (replaced !== undefined) return respond(replaced, fault, call);
	const answer = await vendor.answer({ method, url, headers, text, credential, fault });
	return respond(answer ?? unexpected(request, state), fault, call);
}

function unexpected(request: Request, { unexpected }: ControlState) {
	const line = `${request.method} ${request.url}`;
	unexpected.count += 1;
	if (unexpected.requests.length < MAX_UNEXPECTED) unexpected.requests.push(line);
	const message = `The stand-ins serve no ${line}. Nothing outside may be called here.`;
	console.error(message);
	return jsonAnswer({ error: "unexpected_request", message }, 421);
}
