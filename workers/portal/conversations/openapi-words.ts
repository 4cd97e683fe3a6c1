import type { Words } from "../../lib/http/openapi.ts";

/** What the operations here do and the properties are. */
export const CONVERSATIONS_WORDS: Words = {
	operations: {
		listConversations:
			"With who asked first, how much was said and how it was rated; the words themselves stand in the transcript.",
		getConversation:
			"Everything that was said, in pages, with what each answer cost. Reads of transcripts are written into the audit log.",
		deleteConversation:
			"No word of it stays in any table or cache. What the database of Cloudflare can still be taken back to lasts 30 days.",
		listLeads:
			"Who asked to be written to, with the conversation that it was left in. Reads of leads are written into the audit log.",
		deleteLead: "The address, name and message are gone at once.",
		erasePerson:
			"Without confirm it only tells what there is; with confirm it erases it. Exactly one of visitor, email and phone is named.",
		deleteVisitor: "For a person who asks to be forgotten: all conversations of a visitor and what was left in them.",
	},
	properties: {
		engine_id: "Id of the engine.",
		engine_name: "The engine's name as the dashboard shows it.",
		started_at: "When it began, ISO 8601 UTC with milliseconds.",
		last_message_at: "When something was last said, ISO 8601 UTC with milliseconds.",
		message_count: "Messages in it, the visitor's and the bot's.",
		rating_up: "Answers in it that were rated up.",
		rating_down: "Answers in it that were rated down.",
		"Conversation.id": "UUID, as GET /portal/conversations/{id} takes it.",
		"ListedConversation.id": "UUID, as GET /portal/conversations/{id} takes it.",
		"ListedConversation.match.message_id": "Which message of the transcript it is.",
		"ListedConversation.match.parts.text": "As it was said; the parts after one another are the message.",
		"ListedConversation.match.parts.found": "Whether it is a word that was searched for.",
		conversations: "The newest first.",
		conversation: "What the list says of it.",
		"Transcript.consents.version": "16 hexadecimal digits, the digest of the text.",
		"Transcript.consents.at": "When they first agreed to it, ISO 8601 UTC.",
		messages: "The oldest first, at most 1,000 a page.",
		"Transcript.messages.id": "Id of the message.",
		role: "user: the visitor; assistant: the bot.",
		finish: "How an answer ended; null of a visitor's message and while it is pending.",
		model: "The model that wrote it; null of a visitor's message and of what no model wrote.",
		latency_ms: "From the message to the last text, milliseconds; null of a visitor's message.",
		input_tokens: "Tokens that the model was sent; null where none was asked.",
		output_tokens: "Tokens that the model wrote; null where none was asked.",
		cost_usd_micros: "What it cost, micro-USD (1,000,000 = 1 USD); null where no model was asked.",
		rating: "The visitor's; null = not rated.",
		rating_comment: "What the visitor wrote with it, at most 1,000 characters; null = nothing.",
		"Lead.id": "UUID, as DELETE /portal/leads/{id} takes it.",
		"Lead.email": "Where to write, at most 254 characters.",
		"Lead.session_id": "UUID of the conversation it was left in; null = none, or it is gone.",
		"Lead.name": "As the visitor gave it, at most 200 characters; null = none.",
		"Lead.message": "What the visitor asks for, at most 2,000 characters; null = nothing.",
		leads: "The newest first.",
		"PersonErasure.visitors": "Who it may be: each visitor with what there is.",
		"PersonErasure.visitors.conversations": "How many conversations they have.",
		"PersonErasure.visitors.leads": "How many leads were left in them.",
		erased: "Whether it is gone now; false = it was only looked for.",
	},
};
