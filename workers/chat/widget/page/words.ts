// Every text of the widget that is not the customer's own. Each is blank until `speak` is given those of a language: English is a file like
// the others, so that nobody fetches what they do not read. A variable each, imported as `WORDS`: the bundler then shortens their names, as it
// cannot those of an object's members.
export let openChat = "";
export let closeChat = "";
export let newConversation = "";
export let conversation = "";
export let messages = "";
export let yourMessage = "";
export let placeholder = "";
export let send = "";
export let sending = "";
export let tryAgain = "";
export let tooLong = "";
export let badMessage = "";
export let you = "";
export let assistant = "";
export let sources = "";
export let startersLabel = "";
export let goodAnswer = "";
export let badAnswer = "";
export let ratingFailed = "";
export let leadTitle = "";
export let leadHint = "";
export let leadEmail = "";
export let leadName = "";
export let leadMessage = "";
export let agreeFirst = "";
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
export let optional = "";
export let leadSend = "";
export let leadDismiss = "";
export let leadThanks = "";
export let leadInvalid = "";
export let leadFailed = "";
export let offline = "";
export let unreachable = "";
export let wrongOrigin = "";
export let rateLimited = "";
export let quota = "";
export let tomorrow = "";
export let paused = "";
export let notAvailable = "";
export let busy = "";
export let broken = "";
// A conversation that does not break.
export let stop = "";
export let stopped = "";
export let fetching = "";
export let mayTryAgain = "";
export let undo = "";
export let leaveMessage = "";
export let talkToPerson = "";

/** The words of a language, every one of them. */
export type Words = Record<Exclude<keyof typeof import("./words.ts"), "speak">, string>;

/** Has all that is shown from now on say these. They are taken in the order of their names, which the bundle then need not hold. */
export function speak(words: Words): void {
	const texts = Object.entries(words).sort(([one], [other]) => (one < other ? -1 : 1));
	let taken = 0;
	const next = (): string => texts[taken++]?.[1] ?? "";
	about = next();
	agree = next();
	agreeAsAdult = next();
	agreeFirst = next();
	ai = next();
	amAdult = next();
	assistant = next();
	badAnswer = next();
	badMessage = next();
	broken = next();
	busy = next();
	closeChat = next();
	conversation = next();
	fetching = next();
	forAdults = next();
	goodAnswer = next();
	leadDismiss = next();
	leadEmail = next();
	leadFailed = next();
	leadHint = next();
	leadInvalid = next();
	leadMessage = next();
	leadName = next();
	leadSend = next();
	leadThanks = next();
	leadTitle = next();
	leaveMessage = next();
	mayTryAgain = next();
	messages = next();
	newConversation = next();
	notAvailable = next();
	offline = next();
	openChat = next();
	optional = next();
	paused = next();
	placeholder = next();
	privacy = next();
	quota = next();
	rateLimited = next();
	ratingFailed = next();
	send = next();
	sending = next();
	sources = next();
	startersLabel = next();
	stop = next();
	stopped = next();
	talkToPerson = next();
	terms = next();
	tomorrow = next();
	tooLong = next();
	tryAgain = next();
	undo = next();
	unreachable = next();
	wrongOrigin = next();
	you = next();
	yourMessage = next();
}
