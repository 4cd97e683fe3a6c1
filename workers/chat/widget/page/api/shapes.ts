import { fieldsOf, listOf, textOf, textsOf } from "./read.ts";

/** How the customer's bot shows itself. */
export interface Config {
	name: string;
	greeting: string;
	brandColor: string;
	suggestedQuestions: string[];
	/** BCP 47 */
	locale: string;
	/** Which of the chat's own languages its texts are in; "" = an older server does not say. */
	language: string;
	/** `device`, `tab` or `none` */
	visitorMemory: string;
	/** `none`, `notice` or `required` */
	consent: string;
	/** Of the notice, the addresses and the audience. */
	consentVersion: string;
	isForAdults: boolean;
	aiNotice: string;
	/** "" = none, as the next */
	privacyUrl: string;
	termsUrl: string;
	hiddenPaths: string[];
	/** A visitor may ask to be written to at any time. */
	canTalkToPerson: boolean;
	/** How the widget looks, as it came. */
	looks: Record<string, unknown>;
	/** Address of the voice worker, with `/` at its end; "" = the chat has no voice. */
	voiceUrl: string;
	canDictate: boolean;
	/** Of the deployment for conversations, likewise; "" = nobody can talk with the bot. */
	conversationUrl: string;
	/** What is said is kept, and can be shown again. */
	hasHistory: boolean;
}

/** What an answer rests on. */
export interface Source {
	title: string;
	/** "" = none */
	url: string;
}

export type Rating = "up" | "down" | null;

/** A whole answer. */
export interface Answer {
	text: string;
	/** It is a fixed text that says whom to call now. */
	isHelp: boolean;
	/** "" = none, and the conversation goes on as it was. */
	sessionId: string;
	/** "" = none, and it cannot be rated. */
	messageId: string;
	/** The bot had none, or may not give it: someone should. */
	isUnanswered: boolean;
	sources: Source[];
}

/** A message of a conversation that is shown again. */
export interface StoredMessage {
	id: string;
	isVisitor: boolean;
	text: string;
	rating: Rating;
	/** How the answer ended. */
	finish: string;
	sources: Source[];
	/** The answer is still under way. */
	isPending: boolean;
}

export function configOf(body: unknown): Config {
	const fields = fieldsOf(body);
	return {
		name: textOf(fields, "name"),
		greeting: textOf(fields, "greeting"),
		brandColor: textOf(fields, "brand_color"),
		suggestedQuestions: textsOf(fields, "suggested_questions"),
		locale: textOf(fields, "locale"),
		language: textOf(fields, "language"),
		visitorMemory: textOf(fields, "visitor_memory"),
		consent: textOf(fields, "consent"),
		consentVersion: textOf(fields, "consent_version"),
		isForAdults: fields.audience === "adults",
		aiNotice: textOf(fields, "ai_notice"),
		privacyUrl: textOf(fields, "privacy_url"),
		termsUrl: textOf(fields, "terms_url"),
		hiddenPaths: textsOf(fields, "hidden_paths"),
		canTalkToPerson: fieldsOf(fields.widget).talk_to_person === true,
		looks: fieldsOf(fields.widget),
		voiceUrl: textOf(fieldsOf(fields.voice), "url"),
		canDictate: fieldsOf(fields.voice).dictation === true,
		conversationUrl: textOf(fieldsOf(fields.conversation), "url"),
		hasHistory: fields.history !== false,
	};
}

export function answerOf(body: unknown): Answer {
	const fields = fieldsOf(body);
	return {
		text: textOf(fields, "response"),
		isHelp: fields.finish === "safety",
		sessionId: textOf(fields, "session_id"),
		messageId: textOf(fields, "message_id"),
		isUnanswered: fields.unanswered === true || fields.finish === "blocked",
		sources: sourcesOf(fields),
	};
}

function sourcesOf(fields: Record<string, unknown>): Source[] {
	return listOf(fields, "sources")
		.map(sourceOf)
		.filter(({ title, url }) => title || url);
}

function sourceOf(body: unknown): Source {
	const fields = fieldsOf(body);
	return { title: textOf(fields, "title"), url: textOf(fields, "url") };
}

export function messagesOf(body: unknown): StoredMessage[] {
	return listOf(fieldsOf(body), "messages").map((message) => {
		const fields = fieldsOf(message);
		const { rating } = fields;
		return {
			id: textOf(fields, "id"),
			isVisitor: fields.role === "user",
			text: textOf(fields, "text"),
			rating: rating === "up" || rating === "down" ? rating : null,
			finish: textOf(fields, "finish"),
			sources: sourcesOf(fields),
			isPending: fields.status === "pending",
		};
	});
}
