import { readJsonObject } from "../../lib/http/body.ts";
import { clientKey } from "../../lib/http/client-ip.ts";
import type { RequestContext } from "../../lib/http/serve.ts";
import { consentingRequest, headerSiteRequest } from "../../lib/site/admit.ts";
import type { SiteBindings } from "../../lib/site/admit.ts";
import { sentConsent } from "../../lib/consent/consent.ts";
import { originFacts } from "../../lib/site/origin.ts";
import type { ElevenLabs } from "../elevenlabs/call.ts";
import { worstSpeechCost } from "../elevenlabs/prices.ts";
import { clipUrl } from "./clip-cache.ts";
import type { SpeechJob } from "./speech.ts";
import { speakForSite } from "./speech-keyed.ts";
import { speakForAnyone } from "./speech-legacy.ts";
import type { LegacySpeech } from "./speech-legacy.ts";
import { KEYED_MAX_CHARACTERS, LEGACY_MAX_CHARACTERS, parseSpeechRequest } from "./speech-request.ts";
import type { Voices } from "./speech-request.ts";
import { spokenDanger } from "./spoken-danger.ts";

/** What speech takes of a deployment. Each function may throw not_configured. */
export interface SpeechBindings {
	site: SiteBindings;
	maxBodyBytes: () => number;
	vendor: () => ElevenLabs;
	voices: Voices;
	modelId: string;
	outputFormat: () => string;
	/** What one of ElevenLabs' credits costs, micro-USD; 0 = not known. */
	creditPrice: () => number;
	/** Micro-USD that all orgs together may cost on a UTC day. */
	deploymentBudget: () => number;
	legacy: LegacySpeech;
}

/**
 * `POST /`: text in, audio out. With a site key on the site's account, without one on the house. What speaks of danger, or tells
 * its listener that they are in it, is spoken as any other; the header `X-Safety: <class>;<tier>` says so to the page.
 * @throws {ApiError} as `readJsonObject`, `parseSpeechRequest`, `headerSiteRequest`, `speakForSite` and `speakForAnyone`; not_configured
 */
export async function postSpeech(
	request: Request,
	bindings: SpeechBindings,
	context: RequestContext,
): Promise<Response> {
	const body = await readJsonObject(request, bindings.maxBodyBytes());
	const isKeyed = request.headers.has("X-Site-Key");
	const asked = parseSpeechRequest(body, bindings.voices, isKeyed ? KEYED_MAX_CHARACTERS : LEGACY_MAX_CHARACTERS);
	const keyed = isKeyed ? headerSiteRequest(bindings.site, request, context) : undefined;
	const site = keyed === undefined ? undefined : await consentingRequest(keyed, sentConsent(request));
	const vendor = bindings.vendor();
	const sound = { voiceId: asked.voiceId, modelId: bindings.modelId, outputFormat: bindings.outputFormat() };
	const creditPrice = bindings.creditPrice();
	const job: SpeechJob = {
		...context,
		vendor,
		sound,
		text: asked.text,
		characters: asked.characters,
		creditPrice,
		worstCostUsdMicros: worstSpeechCost(asked.characters, creditPrice),
		deploymentBudget: bindings.deploymentBudget(),
		clipUrl: await clipUrl(request.url, site?.siteKey ?? null, vendor.baseUrl, sound, asked.text),
		gone: request.signal,
	};
	const address = clientKey(request);
	const spoken =
		site === undefined
			? await speakForAnyone(job, bindings.legacy, { origin: originFacts(request), key: address })
			: await speakForSite(job, { ...site, uncovered: vendor.coverage.uncoveredSpeech }, address);
	const danger = spokenDanger(asked.text);
	if (danger !== undefined) spoken.headers.set("X-Safety", `${danger.class};${danger.tier}`);
	return spoken;
}
