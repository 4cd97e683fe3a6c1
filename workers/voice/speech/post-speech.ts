import { clientKey } from "../../lib/http/client-ip.ts";
import { numberVariable } from "../../lib/env.ts";
import { readJsonObject } from "../../lib/http/body.ts";
import { originFacts } from "../../lib/site/origin.ts";
import { parseSiteKey } from "../../lib/site/site-key.ts";
import { clipUrl } from "./clip-cache.ts";
import { elevenLabs } from "../elevenlabs/call.ts";
import type { ElevenLabsVariables } from "../elevenlabs/call.ts";
import { soundOf, voices } from "../elevenlabs/speech.ts";
import type { VoiceVariables } from "../elevenlabs/speech.ts";
import { maxBodyBytes, siteAccess } from "../request-context.ts";
import type { RequestContext, SiteBindings } from "../request-context.ts";
import type { SpeechJob } from "./speech.ts";
import { speakForSite } from "./speech-keyed.ts";
import { speakForAnyone } from "./speech-legacy.ts";
import { KEYED_MAX_CHARACTERS, LEGACY_MAX_CHARACTERS, parseSpeechRequest } from "./speech-request.ts";

export type SpeechBindings = SiteBindings &
	ElevenLabsVariables &
	VoiceVariables &
	Pick<
		Env,
		"ELEVENLABS_CREDIT_USD_MICROS" | "LEGACY_LIMITER" | "LEGACY_MODE" | "LEGACY_ORIGINS" | "LEGACY_DAILY_LIMIT"
	>;

/**
 * `POST /`: text in, audio out. With a site key on the site's account, without one on the house.
 * @throws {ApiError} as `readJsonObject`, `parseSpeechRequest`, `speakForSite` and `speakForAnyone`; not_configured
 */
export async function postSpeech(request: Request, env: SpeechBindings, context: RequestContext): Promise<Response> {
	const body = await readJsonObject(request, maxBodyBytes(env));
	const header = request.headers.get("X-Site-Key");
	const asked = parseSpeechRequest(body, voices(env), header === null ? LEGACY_MAX_CHARACTERS : KEYED_MAX_CHARACTERS);
	const siteKey = header === null ? null : parseSiteKey(header);
	const access = siteKey === null ? undefined : siteAccess(request, env, siteKey);
	const vendor = elevenLabs(env);
	const sound = soundOf(asked.voiceId, env);
	const job: SpeechJob = {
		...context,
		vendor,
		sound,
		text: asked.text,
		characters: asked.characters,
		creditPrice: numberVariable(env.ELEVENLABS_CREDIT_USD_MICROS, "ELEVENLABS_CREDIT_USD_MICROS", 0),
		clipUrl: await clipUrl(request.url, siteKey, vendor.baseUrl, sound, asked.text),
		gone: request.signal,
	};
	return access === undefined ? speakWithoutKey(request, env, job) : speakForSite(job, access);
}

function speakWithoutKey(request: Request, env: SpeechBindings, job: SpeechJob): Promise<Response> {
	return speakForAnyone(job, {
		db: env.DB,
		origin: originFacts(request),
		client: clientKey(request),
		rules: { mode: env.LEGACY_MODE, origins: env.LEGACY_ORIGINS, environment: env.ENVIRONMENT },
		limiter: env.LEGACY_LIMITER,
		dailyLimit: numberVariable(env.LEGACY_DAILY_LIMIT, "LEGACY_DAILY_LIMIT", 1000),
	});
}
