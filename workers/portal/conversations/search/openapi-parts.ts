import { closedObjectSchema } from "../../../lib/http/openapi.ts";
import { FLAG, TEXT, choice, listOf, query, text } from "../../request/openapi-parts.ts";

/** Where a conversation was found. */
export const MATCH = closedObjectSchema({
	message_id: TEXT,
	role: choice("user", "assistant"),
	parts: {
		...listOf(closedObjectSchema({ text: TEXT, found: FLAG })),
		description:
			"A piece of the message, in order: found are the words that were searched for, in the form that they have here. Plain text.",
	},
});

/** What a list of conversations may be asked for beside days and engine. */
export const FILTERS = [
	{
		...query(
			"q",
			text(200),
			"Only conversations in which each of these words was said, by the visitor or the bot: at most 8, in any form (park finds parking), the commonest left out; q of these alone is refused.",
		),
		example: "parking Saturday",
	},
	query("rating", choice("up", "down"), "Only those with an answer that was rated so."),
	query("unanswered", FLAG, "true: only those with an answer that the bot did not have; false: only the others."),
	query("has_lead", FLAG, "true: only those whose visitor left an address in it; false: only the others."),
];
