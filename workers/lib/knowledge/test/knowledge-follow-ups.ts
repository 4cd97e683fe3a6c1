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
