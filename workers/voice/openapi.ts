import {
	describeWorker,
	healthOperation,
	openapiOperation,
	openapiResponse,
	securityTxtOperation,
} from "../lib/http/openapi.ts";
import type { OpenapiPart, OpenapiRoom } from "../lib/http/openapi.ts";
import { CONVERSATION_ROOM } from "./conversation/openapi.ts";
import { SPEECH_ROOM } from "./speech/openapi.ts";

function describe(worker: string, title: string, rooms: readonly OpenapiRoom[]): OpenapiPart {
	const ownRoom = {
		schemas: {},
		paths: {
			"/health": { get: healthOperation(worker) },
			"/openapi.json": { get: openapiOperation() },
			"/.well-known/security.txt": { get: securityTxtOperation() },
		},
	};
	return describeWorker({ title, description: "HEAD is served where GET is." }, [...rooms, ownRoom]);
}

/** What chadis-voice answers, for callers' tools. */
export const VOICE_OPENAPI = describe("chadis-voice", "Koby AI voice", [SPEECH_ROOM]);
/** What chadis-voice-conversation answers. */
export const CONVERSATION_OPENAPI = describe("chadis-voice-conversation", "Koby AI voice and conversation", [
	SPEECH_ROOM,
	CONVERSATION_ROOM,
]);

/** `GET /openapi.json`, of the deployment with conversations or of the one without. */
export function getOpenapi(hasConversations: boolean): Promise<Response> {
	return openapiResponse(hasConversations ? CONVERSATION_OPENAPI : VOICE_OPENAPI);
}
