import { closedObjectSchema } from "../../lib/http/openapi.ts";
import type { OpenapiRoom } from "../../lib/http/openapi.ts";
import {
	COUNT,
	HTTPS_URL,
	ID,
	IF_MATCH,
	INSTANT,
	PAGE,
	TEXT,
	body,
	choice,
	each,
	ofOrg,
	orNull,
	pageOf,
	query,
	text,
} from "../request/openapi-parts.ts";

const KIND = choice("article", "answer");

const ENTRY = {
	...each(["id", "title"], TEXT),
	kind: KIND,
	source_url: orNull(TEXT),
	hits: { ...COUNT, description: "Times the chat used it." },
	version: COUNT,
	created_at: INSTANT,
	updated_at: INSTANT,
	updated_by: orNull(TEXT),
};

const ENTRY_BODY = body(
	{
		kind: { ...KIND, description: "answer: given word for word to its question, the title." },
		title: text(200),
		body: {
			...text(50_000),
			description:
				"Of an answer at most 2,000 characters. With title and source_url about 88,000 bytes, where an apostrophe or a line break takes two.",
		},
		source_url: orNull(HTTPS_URL),
	},
	["source_url"],
);

/** What an organization's bots know. */
export const KNOWLEDGE_ROOM: OpenapiRoom = {
	schemas: {
		Entry: closedObjectSchema({ ...ENTRY, excerpt: TEXT }),
		Entries: pageOf("entries", "Entry"),
		EntryAnswer: closedObjectSchema({ entry: closedObjectSchema({ ...ENTRY, body: TEXT }) }),
	},
	paths: {
		"/portal/knowledge": {
			get: ofOrg(
				"listKnowledge",
				"Articles and curated answers without their texts, the last changed first",
				"Entries",
				{
					parameters: [...PAGE, query("kind", KIND), query("q", text(100), "What the title begins with.")],
				},
			),
			post: ofOrg("createKnowledge", "Adds an article or answer", "EntryAnswer", {
				requestBody: ENTRY_BODY,
				status: "201",
				isTagged: true,
				errors: ["conflict"],
			}),
		},
		"/portal/knowledge/{id}": {
			get: ofOrg("getKnowledge", "An article or answer whole", "EntryAnswer", {
				parameters: [ID],
				isTagged: true,
				errors: ["not_found"],
			}),
			put: ofOrg("putKnowledge", "Replaces an article or answer", "EntryAnswer", {
				parameters: [ID, IF_MATCH],
				requestBody: ENTRY_BODY,
				isTagged: true,
				errors: ["not_found", "conflict", "precondition_failed"],
			}),
			delete: ofOrg("deleteKnowledge", "Removes an article or answer", null, {
				parameters: [ID, IF_MATCH],
				status: "204",
				errors: ["not_found", "precondition_failed"],
			}),
		},
	},
};
