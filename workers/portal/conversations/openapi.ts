import { closedObjectSchema, schema } from "../../lib/http/openapi.ts";
import type { OpenapiRoom } from "../../lib/http/openapi.ts";
import {
	COUNT,
	DAYS,
	ENGINE_ID,
	FLAG,
	ID,
	INSTANT,
	PAGE,
	TEXT,
	VISITOR,
	body,
	choice,
	each,
	listOf,
	ofOrg,
	orNull,
	pageOf,
	text,
} from "../request/openapi-parts.ts";
import { CONVERSATIONS_WORDS } from "./openapi-words.ts";
import { FILTERS, MATCH } from "./search/openapi-parts.ts";

const CONVERSATION_FIELDS = {
	...each(["id", "engine_id", "engine_name"], TEXT),
	visitor: VISITOR,
	started_at: INSTANT,
	last_message_at: INSTANT,
	message_count: COUNT,
	preview: { ...orNull(TEXT), description: "How the visitor's first message begins; null where no words are kept." },
	rating_up: COUNT,
	rating_down: COUNT,
	unanswered: { ...COUNT, description: "Answers in it that the bot did not have." },
	has_lead: { ...FLAG, description: "Its visitor left an address in it." },
};
const CONVERSATION = closedObjectSchema(CONVERSATION_FIELDS);

const LISTED = closedObjectSchema({
	...CONVERSATION_FIELDS,
	match: {
		...orNull(MATCH),
		description: "With q: a message that has words of it; null without, and where the message has gone since.",
	},
});

const MESSAGE = closedObjectSchema({
	id: TEXT,
	role: choice("user", "assistant"),
	text: {
		...TEXT,
		description: "Plain text: show it as text, never as HTML. Empty where no words are kept (privacy: no_store).",
	},
	created_at: INSTANT,
	status: {
		...choice("pending", "done"),
		description: "pending: the answer is under way, its text still empty; it joins when it ends.",
	},
	finish: orNull(choice("stop", "length", "blocked", "curated", "cached", "safety")),
	model: orNull(TEXT),
	...each(["latency_ms", "input_tokens", "output_tokens", "cost_usd_micros"], orNull(COUNT)),
	rating: orNull(choice("up", "down")),
	rating_comment: orNull(TEXT),
	text_lost: {
		type: "boolean",
		description:
			"True: the visitor had this answer, its words were lost with a failed write, and only its numbers were put back.",
	},
});

const LEAD = closedObjectSchema({
	...each(["id", "engine_id", "engine_name", "email"], TEXT),
	...each(["session_id", "name", "message"], orNull(TEXT)),
	visitor: {
		...orNull(VISITOR),
		description: "Whose conversation it was left in; null where there was none, and once it is gone.",
	},
	created_at: INSTANT,
	consent_version: { ...orNull(TEXT), description: "Of the text that its visitor had agreed to." },
});

const TRANSCRIPT = closedObjectSchema({
	conversation: schema("Conversation"),
	consents: {
		...listOf(closedObjectSchema({ version: TEXT, at: INSTANT }), 20),
		description:
			"Which texts the visitor was shown and has agreed to, as the consent_version of the chat's GET /config, and from when on.",
	},
	messages: listOf(MESSAGE, 1000),
	next_cursor: {
		...orNull(TEXT),
		description: "Send it as cursor for the messages that follow; null when there are none.",
	},
});

const PERSON_ERASURE_BODY = body(
	{
		visitor: { ...text(254), description: "As conversations and leads show it." },
		email: { ...text(254), description: "Of a lead, in any case." },
		phone: { ...text(254), description: "In a lead's name or message, however it is written; at least 7 digits." },
		confirm: { type: "boolean", description: "true: erase what is found. Else it is only told." },
	},
	["visitor", "email", "phone", "confirm"],
);

const PERSON_ERASURE = closedObjectSchema({
	visitors: listOf(closedObjectSchema({ visitor: VISITOR, conversations: COUNT, leads: COUNT }), 20),
	leads_alone: { ...COUNT, description: "Leads without a conversation, or whose conversation is gone." },
	erased: { type: "boolean" },
});

/** What visitors said and left. */
export const CONVERSATIONS_ROOM: OpenapiRoom = {
	tag: { name: "Conversations", description: "What visitors said and left." },
	words: CONVERSATIONS_WORDS,
	schemas: {
		Conversation: CONVERSATION,
		ListedConversation: LISTED,
		Conversations: pageOf("conversations", "ListedConversation", {
			searchable_until: {
				...orNull(INSTANT),
				description:
					"With q: what was said until then is found; the rest within ten minutes. null without, and before anything is.",
			},
		}),
		Transcript: TRANSCRIPT,
		Lead: LEAD,
		Leads: pageOf("leads", "Lead"),
		PersonErasure: PERSON_ERASURE,
	},
	paths: {
		"/portal/conversations": {
			get: ofOrg("listConversations", "Conversations, the newest first", "Conversations", {
				description:
					"With a filter or q a page may have fewer conversations than limit, or none, and still a next_cursor: 20 are looked at for each that it may show. The last page is the one whose next_cursor is null.",
				parameters: [...PAGE, ...DAYS, ENGINE_ID, ...FILTERS],
				errors: ["not_found"],
			}),
		},
		"/portal/conversations/{id}": {
			get: ofOrg("getConversation", "A conversation and its messages, the oldest first", "Transcript", {
				parameters: [ID, ...PAGE.slice(1)],
				errors: ["not_found"],
			}),
			delete: ofOrg(
				"deleteConversation",
				"For admins and staff: erases a conversation, its messages and its lead, and takes its questions out of the counts of questions",
				null,
				{
					parameters: [ID],
					status: "204",
					errors: ["not_found"],
				},
			),
		},
		"/portal/leads": {
			get: ofOrg("listLeads", "For admins and staff: who left an address, the newest first", "Leads", {
				parameters: PAGE,
			}),
		},
		"/portal/leads/{id}": {
			delete: ofOrg("deleteLead", "For admins and staff: erases who left an address; the conversation stays", null, {
				parameters: [ID],
				status: "204",
				errors: ["not_found"],
			}),
		},
		"/portal/erasures": {
			post: ofOrg(
				"erasePerson",
				"For admins and staff: finds a person by visitor, or by the email or phone of a lead (exactly one), and with confirm erases what there is of them",
				"PersonErasure",
				{ requestBody: PERSON_ERASURE_BODY, errors: ["not_found", "conflict"] },
			),
		},
		"/portal/visitors/{id}": {
			delete: ofOrg(
				"deleteVisitor",
				"For admins and staff: erases a person, by what is shown as visitor: all their conversations, and the leads left in them",
				null,
				{ parameters: [ID], status: "204", errors: ["not_found"] },
			),
		},
	},
};
