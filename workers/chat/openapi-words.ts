import type { Words } from "../lib/http/openapi.ts";

/** Of a message and its answer. */
export const TALK_WORDS: Words = {
	operations: {
		sendMessage:
			"The bot answers from the organization's knowledge. With Accept: text/event-stream the answer comes piece by piece, and a fault before the first piece still has its own status. With a site key the conversation is kept as the organization's privacy settings say; without one the legacy bot answers, and nothing is kept.",
	},
	properties: {
		latency_ms: "From the request to the whole answer, milliseconds.",
		title: "Of the article, or of the curated answer.",
		url: "Where visitors can read more, https; null = nowhere.",
		"Safety.class": "What kind of danger was spoken of.",
		data: "What is told, as JSON on the data line.",
		"SessionEvent.data.session_id": "UUID of the conversation; send it with the next message. null without a site key.",
		"SessionEvent.data.message_id":
			"UUID of the answer that is coming: it can be read at GET /sessions/{id} should the stream break off. null without a site key.",
		"DeltaEvent.data.text": "The next piece of the answer, to be put behind those before it.",
		"sendMessage.message":
			"What the visitor says: 1 to 2,000 characters that can be seen, without the spaces around them.",
		"sendMessage.visitor_id":
			"As the page names its visitor, at most 128 characters: random, and ASCII where X-Visitor-Id is to name it as well.",
		"sendMessage.session_id":
			"UUID, of the answer before. One that is not this visitor's, has ended or rested for 24 hours begins anew.",
	},
};

/** Of what a visitor does beside talking. */
export const SESSION_WORDS: Words = {
	operations: {
		getSession:
			"The newest 200 messages, for a page that comes back. It is found only with the site key, and the visitor, that it was begun with.",
		endSession: "What was said stays for the organization, for as long as it keeps conversations.",
		rateAnswer: "The last rating of an answer counts; null takes it back, with its comment.",
		leaveLead:
			"The organization finds it among its leads. One a conversation, and the last one counts; without session_id, of a visitor who has begun none.",
	},
	properties: {
		"Session.messages.id": "Id of the message; an answer is rated by it.",
		role: "user: the visitor; assistant: the bot.",
		text: "What was said, plain text; null while the answer is under way, and where no words are kept.",
		rating: "The visitor's: up, down, or null = none.",
		title: "Of the article, or of the curated answer.",
		url: "Where visitors can read more, https; null = nowhere.",
		message_id: "UUID of the answer that is rated.",
		comment: "Why, at most 1,000 characters; kept only beside a rating.",
		email: "Where to write, one address of at most 254 characters.",
		name: "Of who leaves it, at most 200 characters.",
		"leaveLead.message": "What they ask for, at most 2,000 characters.",
		"leaveLead.session_id": "UUID of the conversation; null or absent = there is none.",
		"Session.messages.finish": "How an answer ended, as finish of POST /; null of a visitor's message.",
	},
};

/** Of what a page loads. */
export const WIDGET_WORDS: Words = {
	operations: {
		getConfig:
			"What is shown before anything is said: greeting, looks, language, and which notice a visitor has to see. May be kept for 60 seconds.",
		getWidget:
			"Put it into a page with one tag: it shows the launcher and loads the chat when it is wanted. 4 KiB as it travels.",
		getWidgetFile:
			"The script asks for it by its digest, and it may be kept for good; for a digest that is gone the part as it is now is given, for five minutes.",
		getWidgetTypes: "Put it beside a page written in TypeScript: window.KobyChat and its events with their types.",
		getWidgetVersion:
			"For pages that pin what they load (subresource integrity): it never changes, and may be kept for good.",
	},
	properties: {
		"Config.name": "The bot's name as visitors read it.",
		greeting: "What the widget says first.",
		brand_color: "Of the widget, #RRGGBB.",
		suggested_questions: "What the widget offers to ask, at most 6.",
		widget: "How the widget looks.",
		corner: "In which lower corner the launcher stands.",
		launcher_icon: "What the launcher shows.",
		privacy_url: "The privacy notice, https; null = none.",
		terms_url: "The terms, https; null = none.",
	},
};
