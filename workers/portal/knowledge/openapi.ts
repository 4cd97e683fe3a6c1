import { closedObjectSchema } from "../../lib/http/openapi.ts";
import type { OpenapiRoom } from "../../lib/http/openapi.ts";
import { BY_MEANING } from "../../lib/knowledge/meaning/by-meaning.ts";
import { MAX_EARLIER, MAX_QUESTION_CHARS } from "./knowledge-test-request.ts";
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
	listOf,
	ofOrg,
	orNull,
	pageOf,
	query,
	text,
} from "../request/openapi-parts.ts";
import { KNOWLEDGE_WORDS } from "./openapi-words.ts";

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
	tag: { name: "Knowledge", description: "What an organization's bots know." },
	words: KNOWLEDGE_WORDS,
	schemas: {
		Entry: closedObjectSchema({ ...ENTRY, excerpt: TEXT }),
		Entries: pageOf("entries", "Entry", {
			search: closedObjectSchema({
				passages: { ...COUNT, description: "Pieces of all entries that the search can find." },
				by_meaning: {
					...choice(...BY_MEANING),
					description:
						"What is compared with a question's meaning beside its words. none: nothing, as none is embedded (yet, or because all of it is shown to the model); found_by_words: beyond 2,000 passages only what words have found.",
				},
			}),
		}),
		KnowledgeTest: closedObjectSchema({
			question: TEXT,
			curated: {
				...orNull(closedObjectSchema({ id: TEXT, title: TEXT, body: TEXT, source_url: orNull(TEXT) })),
				description:
					"The owner's answer to this question or to one that asks the same: given word for word, and the model is not asked; null = there is none.",
			},
			kind: {
				...choice("whole", "best", "none"),
				description: "whole: the model is shown all there is; best: what is near; none: there is nothing to show.",
			},
			earlier_weight: {
				...{ type: "number", minimum: 0, maximum: 1 },
				description:
					"How much the question leans on what was said before it: what the terms of the message before count beside its own. 0: it has nothing to do with them.",
			},
			ranking: {
				...orNull(choice("words", "meaning", "both")),
				description:
					"What ranked the passages. words: also where the question could not be embedded in time, or nothing of the knowledge is; null: nothing was searched for.",
			},
			near: { type: "boolean", description: "false: the model is told that nothing seems to be about the question." },
			passages: listOf(
				closedObjectSchema({
					knowledge_id: TEXT,
					kind: KIND,
					title: TEXT,
					content: TEXT,
					source_url: orNull(TEXT),
					score: {
						...orNull({ type: "number", minimum: 0 }),
						description:
							"What it is ranked by, comparable within one answer only: word_score, or what both lists together give it, of the best one 1. null = all is shown, so nothing was searched for.",
					},
					word_score: {
						...orNull({ type: "number", minimum: 0 }),
						description: "By its words, comparable within one answer only; null = they did not find it.",
					},
					meaning_score: {
						...orNull({ type: "number", minimum: -1, maximum: 1 }),
						description: "The cosine of its meaning and the question's; null = they were not compared.",
					},
					shown: { type: "boolean", description: "Whether the model would be shown it." },
				}),
			),
			shown_characters: { ...COUNT, description: "Of what the model would be shown, titles included, UTF-16 units." },
		}),
		EntryAnswer: closedObjectSchema({ entry: closedObjectSchema({ ...ENTRY, body: TEXT }) }),
	},
	paths: {
		"/portal/knowledge": {
			get: ofOrg(
				"listKnowledge",
				"Articles and curated answers without their texts, the last changed first",
				"Entries",
				{
					parameters: [
						...PAGE,
						query("kind", KIND, "Only articles, or only curated answers."),
						query("q", text(100), "What the title begins with."),
					],
				},
			),
			post: ofOrg("createKnowledge", "Adds an article or answer", "EntryAnswer", {
				requestBody: ENTRY_BODY,
				status: "201",
				isTagged: true,
				errors: ["conflict"],
			}),
		},
		"/portal/knowledge/test": {
			post: ofOrg(
				"testKnowledge",
				"What a question would find, and what of it the model would be shown",
				"KnowledgeTest",
				{
					description:
						"The model is not asked, and nothing is counted as a visitor's. Where the deployment finds by meaning, embedding the question costs the organization's brake what it costs; without its key, and when it takes too long, words alone rank.",
					requestBody: body(
						{
							question: text(MAX_QUESTION_CHARS),
							session: {
								...orNull(text(64)),
								description:
									"Id of a conversation: the question is searched for as if it were its visitor's next message. Unknown, erased and another organization's are 404.",
							},
							earlier: {
								...orNull(listOf(text(MAX_QUESTION_CHARS), MAX_EARLIER)),
								description: "What a visitor has said before it, the oldest first, in the place of a conversation.",
							},
						},
						["session", "earlier"],
					),
					errors: ["not_found"],
				},
			),
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
