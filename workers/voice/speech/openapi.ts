import { BODY_ERRORS, errorResponses, jsonContent, objectSchema } from "../../lib/http/openapi.ts";
import type { OpenapiPart, OpenapiRoom } from "../../lib/http/openapi.ts";
import { CONSENT, FAILURES, OF_SITE_OR_NOBODY, SITE_ERRORS } from "../../lib/site/openapi.ts";
import { VENDOR_ERRORS } from "../elevenlabs/openapi.ts";
import { KEYED_MAX_CHARACTERS, LEGACY_MAX_CHARACTERS, SENT_MAX_CHARACTERS } from "./speech-request.ts";

const SPEECH: OpenapiPart = {
	operationId: "speak",
	summary: "Speaks a text",
	description: `Streams the clip as the voice makes it. Repeated texts come from the edge and cost nothing. Without a site key at most ${LEGACY_MAX_CHARACTERS} characters are spoken, on the house.`,
	...OF_SITE_OR_NOBODY,
	parameters: [CONSENT],
	requestBody: {
		required: true,
		content: jsonContent(
			objectSchema(
				{
					text: {
						type: "string",
						minLength: 1,
						maxLength: 32_768,
						description: `At most ${KEYED_MAX_CHARACTERS} characters as they are spoken, and ${SENT_MAX_CHARACTERS} as they are sent; marks of markdown, tags, URLs and emoji are not spoken.`,
					},
					voice_id: {
						anyOf: [{ type: "string", minLength: 1, maxLength: 64 }, { type: "null" }],
						description: "One that this deployment allows, at most 64 characters; null or absent = its own.",
					},
				},
				["voice_id"],
			),
		),
	},
	responses: {
		"200": {
			description:
				"The clip, from its first byte on. X-Cache says HIT or MISS, X-Characters what was spent; X-Safety, as class;tier, that the text speaks of danger. One that breaks off is not whole.",
			content: { "audio/mpeg": {} },
		},
		...errorResponses(
			...BODY_ERRORS,
			"invalid_request",
			...SITE_ERRORS,
			"consent_required",
			...FAILURES,
			"client_quota_exceeded",
			"quota_exceeded",
			"budget_exhausted",
			...VENDOR_ERRORS,
		),
	},
};

/** What it takes to have a text spoken. */
export const SPEECH_ROOM: OpenapiRoom = {
	tag: { name: "Speech", description: "Texts that are spoken." },
	schemas: {},
	paths: { "/": { post: SPEECH } },
};
