import type { Words } from "../../lib/http/openapi.ts";

/** What the operations here do and the properties are. */
export const KNOWLEDGE_WORDS: Words = {
	operations: {
		listKnowledge: "In pages, with how often the chat used each. The text itself stands in the entry.",
		createKnowledge:
			"For admins and staff. The chat finds it by its words with the next message; by its meaning, where the deployment has that, minutes later.",
		getKnowledge: "With its text and the ETag that a change names in If-Match.",
		putKnowledge:
			"For admins and staff. The body is the whole entry. The chat finds the new text with the next message.",
		deleteKnowledge: "For admins and staff. The chat does not find it any more with the next message.",
	},
	properties: {
		id: "Id of the entry.",
		title: "What it is about; of an answer, the question. At most 200 characters.",
		kind: "article: the bot reads it; answer: given word for word to its question.",
		source_url: "Where visitors can read more, https, at most 2,000 characters; null = nowhere.",
		version: "Rises with every change; the ETag has it.",
		updated_at: "When it was last changed, ISO 8601 UTC with milliseconds.",
		updated_by: "Clerk's id of who changed it last; null = by hand.",
		excerpt: "How the text begins, at most 160 characters.",
		body: "The text, at most 50,000 characters; of an answer at most 2,000.",
		search: "How the organization's knowledge is searched.",
		entries: "The last changed first.",
		question: "As it was asked, 1 to 2,000 characters.",
		passages: "What was found, the best first.",
		knowledge_id: "Id of the entry that it is a piece of.",
		content: "The piece itself.",
		entry: "As it is now.",
		"KnowledgeTest.curated.id": "Id of the answer.",
	},
};
