import {
	OPERATION_TAG,
	healthOperation,
	openapiOperation,
	openapiResponse,
	pathsOf,
	securityTxtOperation,
} from "../lib/http/openapi.ts";
import type { OpenapiPart, OpenapiRoom } from "../lib/http/openapi.ts";
import { once } from "../lib/openapi/once.ts";
import { describeWorker } from "../lib/openapi/openapi-document.ts";
import { withExamples } from "../lib/openapi/openapi-examples.ts";
import { SITE_KEY_SCHEMES } from "../lib/site/openapi.ts";
import { CONVERSATION_ROOM } from "./conversation/openapi.ts";
import { SPEECH_ROOM } from "./speech/openapi.ts";

/** @param worker as `/health` names it */
function ownRoom(worker: string): OpenapiRoom {
	return {
		tag: OPERATION_TAG,
		schemas: {},
		paths: {
			"/health": { get: healthOperation(worker) },
			"/openapi.json": { get: openapiOperation() },
			"/.well-known/security.txt": { get: securityTxtOperation() },
		},
	};
}

/** The paths of both deployments, for whoever names a request's route. */
export const VOICE_PATHS = pathsOf([SPEECH_ROOM, CONVERSATION_ROOM, ownRoom("chadis-voice")]);

/** @param name the deployment's, without `chadis-` and that of the environment */
function describe(name: string, title: string, localPrefix: string, rooms: readonly OpenapiRoom[]): OpenapiPart {
	return describeWorker(
		{
			title,
			description: "Speech for customers' websites and apps. HEAD is served where GET is.",
			deployed: [`https://chadis-${name}.kobyai.workers.dev`, `https://chadis-${name}-staging.kobyai.workers.dev`],
			localPrefix,
			security: [{ siteKey: [] }],
			components: { securitySchemes: SITE_KEY_SCHEMES },
		},
		[...rooms, ownRoom(`chadis-${name}`)],
	);
}

/** What chadis-voice answers, for callers' tools: put together when first asked for. */
export const voiceOpenapi = once(() => describe("voice", "Koby AI voice", "/voice", [SPEECH_ROOM]));
/** What chadis-voice-conversation answers. */
export const conversationOpenapi = once(() =>
	describe("voice-conversation", "Koby AI voice and conversation", "/conversation", [SPEECH_ROOM, CONVERSATION_ROOM]),
);

/** `GET /openapi.json`, of the deployment with conversations or of the one without. */
export async function getOpenapi(hasConversations: boolean): Promise<Response> {
	const { default: examples } = await import("./openapi-examples.json");
	return openapiResponse(
		hasConversations
			? withExamples(conversationOpenapi(), examples.conversation)
			: withExamples(voiceOpenapi(), examples.voice),
	);
}
