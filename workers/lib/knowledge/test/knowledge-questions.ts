/** A visitor's question and the article that answers it. */
export interface Question {
	text: string;
	/** Id of the article. */
	expected: string;
}

// Written before the articles, as visitors write: short, in their own words, some with nothing in common with any help page.

export const CHADIS_QUESTIONS: readonly Question[] = [
	{ text: "How do I sign up as a mom?", expected: "register" },
	{ text: "I have twins, do I need two logins?", expected: "family" },
	{ text: "my ex husband also wants to fill in the forms for our son", expected: "family" },
	{ text: "can't remember my login", expected: "password" },
	{ text: "it locked me out after too many tries", expected: "password" },
	{ text: "does the school get to read what I wrote?", expected: "privacy" },
	{ text: "Can I do this on my iPad?", expected: "devices" },
	{ text: "my wife only reads Arabic", expected: "languages" },
	{ text: "the doctor said I'd get a mail but nothing came", expected: "invitation" },
	{ text: "the link says it is no longer valid", expected: "invitation" },
	{ text: "do I have to pay for this?", expected: "fees" },
	{ text: "I had to stop halfway, is everything lost?", expected: "completing" },
	{ text: "how many minutes will the survey take", expected: "completing" },
	{ text: "what happens after I press submit?", expected: "results" },
	{ text: "does a high score mean my kid has autism?", expected: "results" },
	{ text: "how can the kindergarten teacher give her opinion?", expected: "teachers" },
	{ text: "does it connect with Epic?", expected: "records" },
	{ text: "my daughter talks about hurting herself, who do I call", expected: "crisis" },
	{ text: "please remove all our information", expected: "closing" },
	{ text: "where can our nurses learn to use the system?", expected: "training" },
];

export const PANNU_QUESTIONS: readonly Question[] = [
	{ text: "what time do you close today", expected: "hours" },
	{ text: "where are you guys located", expected: "directions" },
	{ text: "can I leave my car somewhere?", expected: "directions" },
	{ text: "I just moved here and need a dentist", expected: "first-visit" },
	{ text: "what paperwork should I bring the first time?", expected: "first-visit" },
	{ text: "how can I schedule a visit?", expected: "booking" },
	{ text: "I can't make it tomorrow, can we move it?", expected: "cancelling" },
	{ text: "do you charge if I don't show up?", expected: "cancelling" },
	{ text: "do you accept Delta Dental?", expected: "insurance" },
	{ text: "can I pay in monthly instalments?", expected: "payment" },
	{ text: "how much does a filling cost?", expected: "payment" },
	{ text: "my tooth got knocked out, what now?", expected: "emergency" },
	{ text: "terrible toothache since last night", expected: "emergency" },
	{ text: "at what age should my toddler come in?", expected: "children" },
	{ text: "can you make my teeth brighter?", expected: "whitening" },
	{ text: "how often should I get a cleaning?", expected: "check-up" },
	{ text: "I lost a tooth years ago, can it be replaced?", expected: "implants" },
	{ text: "I'm terrified of the drill", expected: "anxiety" },
	{ text: "what can I eat after you pull a tooth?", expected: "aftercare" },
	{ text: "send my x-rays to another dentist", expected: "transfer" },
];

/** A conversation, what it ends with and the article that answers that. */
export interface FollowUp {
	said: readonly string[];
	asked: string;
	/** Id of the article. */
	expected: string;
}

export const CHADIS_FOLLOW_UPS: readonly FollowUp[] = [
	{ said: ["Can my son's teacher fill in a form?"], asked: "How long does she have?", expected: "teachers" },
	{ said: ["I didn't get the invitation mail"], asked: "and if it's expired?", expected: "invitation" },
	{ said: ["Which languages are there?"], asked: "also Arabic?", expected: "languages" },
	{ said: ["Is there a course for our nurses?"], asked: "how much does that cost?", expected: "training" },
	{ said: ["Can I use my tablet?"], asked: "and which browser?", expected: "devices" },
	{ said: ["I want to delete my account"], asked: "how long does it take?", expected: "closing" },
	{ said: ["Who can see my answers?"], asked: "also the school?", expected: "privacy" },
	{ said: ["I forgot my password"], asked: "it says locked", expected: "password" },
	{ said: ["Does it connect to Epic?", "ok thanks"], asked: "how is it set up?", expected: "records" },
	{ said: ["Does it connect to Epic?"], asked: "What does CHADIS cost for parents?", expected: "fees" },
	{ said: ["I forgot my password", "it is locked now"], asked: "Is there an app for the iPhone?", expected: "devices" },
	{ said: ["What happens with the results?"], asked: "who explains them to me?", expected: "results" },
];

export const PANNU_FOLLOW_UPS: readonly FollowUp[] = [
	{ said: ["Do you do implants?"], asked: "how long does that take?", expected: "implants" },
	{ said: ["Do you offer teeth whitening?"], asked: "how much is it?", expected: "whitening" },
	{ said: ["Do you offer teeth whitening?", "how much is it?"], asked: "and does it hurt?", expected: "whitening" },
	{ said: ["Do you see children?"], asked: "from what age?", expected: "children" },
	{ said: ["I need to cancel my appointment"], asked: "is there a fee?", expected: "cancelling" },
	{ said: ["Do you take Cigna?"], asked: "and Medicaid?", expected: "insurance" },
	{ said: ["I am so scared of the drill"], asked: "can I get something for that?", expected: "anxiety" },
	{ said: ["You pulled my tooth yesterday"], asked: "what can I eat?", expected: "aftercare" },
	{ said: ["You pulled my tooth yesterday"], asked: "can I smoke?", expected: "aftercare" },
	{ said: ["Do you do implants?"], asked: "Where can I park?", expected: "directions" },
	{
		said: ["Do you offer teeth whitening?", "how much is it?"],
		asked: "When are you open on Saturday?",
		expected: "hours",
	},
	{ said: ["Do you see children?", "thank you so much"], asked: "how often should they come?", expected: "children" },
	{ said: ["How do I get my x-rays to another dentist?"], asked: "what does it cost?", expected: "transfer" },
	{ said: ["where do I park"], asked: "is it free?", expected: "directions" },
];

/** What nothing in the articles answers. */
export const UNANSWERABLE: readonly string[] = [
	"Do you repair violins?",
	"What is the capital of France?",
	"Can I rent a boat from you?",
	"Who won the football match last night?",
	"Do you sell tickets for the opera?",
	"What is the weather like tomorrow?",
	"Do you have a swimming pool?",
	"How do I bake sourdough bread?",
];
