// Every text of the widget that is not the customer's own. A constant each, imported as `WORDS`: the bundler then shortens their
// names, as it cannot those of an object's members.
export const openChat = "Open chat";
export const closeChat = "Close chat";
export const newConversation = "New conversation";
export const conversation = "Conversation";
export const messages = "Messages";
export const yourMessage = "Your message";
export const placeholder = "Type a message…";
export const send = "Send";
export const sending = "Sending…";
export const tryAgain = "Try again";
export const tooLong = "A message can have at most 2,000 characters.";
export const you = "You said:";
export const assistant = "The assistant said:";
export const sources = "Sources";
export const startersLabel = "Suggested questions";
export const goodAnswer = "Good answer";
export const badAnswer = "Bad answer";
export const ratingFailed = "Your rating could not be saved.";
export const leadTitle = "Shall we get back to you?";
export const leadHint = "Leave your e-mail address and someone will write to you.";
export const leadEmail = "E-mail";
export const leadName = "Name";
export const leadMessage = "Message";
export const agreeFirst = "Please read this and agree first. Your message is still here.";
export const about = "About this chat";
export const ai = "AI";
/** Links, whom the chat is for, and the buttons: to agree, to agree and say one is an adult, to say that alone. They are a part of what is agreed to. */
export const inEnglish = [
	"Privacy",
	"Terms",
	"This chat is for adults, such as parents and guardians (18+).",
	"I agree",
	"I agree, and I am 18 or older",
	"I am 18 or older",
] as const;
export const inSpanish = [
	"Privacidad",
	"Condiciones",
	"Este chat es para adultos, como padres, madres y tutores (mayores de 18 años).",
	"Acepto",
	"Acepto y tengo 18 años o más",
	"Tengo 18 años o más",
] as const;
// A conversation that does not break.
export const stop = "Stop";
export const stopped = "Stopped.";
export const fetching = "The rest of the answer is being fetched…";
export const mayTryAgain = "You can try again now.";
export const undo = "Undo";
export const leaveMessage = "Leave a message";
export const talkToPerson = "Talk to a person";
export const optional = "optional";
export const leadSend = "Send";
export const leadDismiss = "No, thanks";
export const leadThanks = "Thank you! We will be in touch.";
export const leadInvalid = "Please check your e-mail address.";
export const leadFailed = "That could not be sent. Please try again.";
export const offline = "You seem to be offline. Check your connection and try again.";
export const unreachable = "The chat can't be reached right now. Please try again.";
export const wrongOrigin = "The chat can't be used from this page right now.";
export const rateLimited = "That was a little fast. Please wait a moment, then try again.";
export const quota = "This assistant has reached its limit for now.";
export const paused = "This chat is paused at the moment. Please come back later.";
export const notAvailable = "This chat is not available at the moment.";
export const busy = "The assistant is busy right now. Please try again in a moment.";
export const broken = "The answer was interrupted. Please try again.";
