// Every text of the widget that is not the customer's own. Each is blank until `speak` is given those of a language: English is a file like
// the others, so that nobody fetches what they do not read. What the panel says has a variable each, imported as `WORDS`: the bundler then
// shortens their names, as it cannot those of an object's members. What only a file beside it says is read from `spoken`.
export let openChat = "";
export let closeChat = "";
export let newConversation = "";
export let conversation = "";
export let messages = "";
export let yourMessage = "";
export let placeholder = "";
export let send = "";
export let sending = "";
export let tooLong = "";
export let you = "";
export let assistant = "";
export let sources = "";
export let startersLabel = "";
export let goodAnswer = "";
export let badAnswer = "";
export let ratingFailed = "";
export let leadHint = "";
export let about = "";
export let ai = "";
// Links, whom the chat is for, and the buttons: to agree, to agree and say one is an adult, to say that alone. They are a part of what is
// agreed to: whoever changes them raises WIDGET_WORDS in lib/consent/visitor-notice.ts.
export let privacy = "";
export let terms = "";
export let forAdults = "";
export let agree = "";
export let agreeAsAdult = "";
export let amAdult = "";
// A conversation that does not break.
export let stop = "";
export let stopped = "";
export let fetching = "";
export let undo = "";
export let talkToPerson = "";

/** Words that the panel has no variable of. */
type LaterWord =
	| "agreeFirst"
	| "badMessage"
	| "broken"
	| "busy"
	| "leadDismiss"
	| "leadEmail"
	| "leadFailed"
	| "leadInvalid"
	| "leadMessage"
	| "leadName"
	| "leadSend"
	| "leadThanks"
	| "leadTitle"
	| "leaveMessage"
	| "mayTryAgain"
	| "notAvailable"
	| "offline"
	| "optional"
	| "paused"
	| "quota"
	| "rateLimited"
	| "tomorrow"
	| "tryAgain"
	| "unreachable"
	| "wrongOrigin";

/** The words of a language, every one of them. */
export type Words = Record<Exclude<keyof typeof import("./words.ts"), "speak" | "spoken"> | LaterWord, string>;

/** All of them as they are now, for a file that shares no variable with the panel. */
export let spoken: Words;

/** Has all that is shown from now on say these. */
export function speak(words: Words): void {
	spoken = words;
	({
		about,
		agree,
		agreeAsAdult,
		ai,
		amAdult,
		assistant,
		badAnswer,
		closeChat,
		conversation,
		fetching,
		forAdults,
		goodAnswer,
		leadHint,
		messages,
		newConversation,
		openChat,
		placeholder,
		privacy,
		ratingFailed,
		send,
		sending,
		sources,
		startersLabel,
		stop,
		stopped,
		talkToPerson,
		terms,
		tooLong,
		undo,
		you,
		yourMessage,
	} = words);
}
