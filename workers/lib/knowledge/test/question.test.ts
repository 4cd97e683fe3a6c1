import { describe, expect, it } from "vitest";
import { readQuestion, topicOf } from "../question.ts";

describe("small talk", () => {
	it.each([
		"Hi",
		"hello!",
		"ok thanks",
		"Thank you so much, that was very helpful!",
		"Good morning :)",
		"great 👍",
		"bye",
		"👍",
		"...",
		"Gracias, muy bien",
		"are you a bot?",
		"How are you?",
		"Have a nice weekend",
		"gotcha, will do",
		"thanks, that answers my question",
		"perfect, I'll try that tomorrow",
		"much obliged, take care",
		"ok that's all, thanks for your help",
		"great service, you are the best",
		"Mil gracias por su ayuda, que tengas un buen dia",
		"listo, hasta luego",
		"Morning!",
		"thanks, see you in the morning",
		"no",
		"Good evening to you all",
	])("is nothing to search for: %s", (message) => {
		expect(readQuestion(message)).toEqual({ terms: [], earlierWeight: 0, isSmallTalk: true });
	});

	it.each([
		"thanks, and how much is it?",
		"good price?",
		"is it good?",
		"ok and parking",
		"Hi, do you take Cigna?",
		"thanks for cancelling my appointment",
		"help",
		"no, the other one",
		"thanks, I need help with my form",
		"great, and the best time?",
		"ok, it does not work",
		"gracias, y el precio",
		"do you work in the evening",
		"are you there tomorrow morning",
		"is the service good",
		"ok, do you do that",
		"tomorrow morning",
	])("is not what asks something: %s", (message) => {
		expect(readQuestion(message).isSmallTalk).toBe(false);
	});
});

describe("a yes", () => {
	it.each(["yes", "Yes please!", "yeah, sure", "claro, por favor", "yes that would be great"])(
		"asks for what was spoken of: %s",
		(message) => {
			expect(readQuestion(message)).toEqual({ terms: [], earlierWeight: 0.8, isSmallTalk: true });
		},
	);

	it.each(["yes thanks, bye", "ok great", "no", "sure, thank you"])("is none: %s", (message) => {
		expect(readQuestion(message)).toEqual({ terms: [], earlierWeight: 0, isSmallTalk: true });
	});
});

describe("a message", () => {
	it("leans on what was said before the more, the less it says itself", () => {
		const weight = (message: string): number => readQuestion(message).earlierWeight;
		expect(weight("how long does that take?")).toBe(0.8);
		expect(weight("from what age?")).toBe(0.6);
		expect(weight("What does whitening cost for students?")).toBe(0.25);
		expect(weight("Can my daughter bring her own toothbrush to the first visit on Saturday?")).toBe(0.25);
		expect(weight("Where can visitors from Canada park their motor homes overnight?".replace("their ", ""))).toBe(0);
	});

	it("is about few terms, which together never count more than three", () => {
		const topic: [string, number][] = JSON.parse(
			topicOf(readQuestion("insurance parking whitening crowns implants bridges")),
		);
		const own = topic.slice(0, 6);
		expect(topic.length).toBeLessThanOrEqual(12);
		expect(own.reduce((sum, [, weight]) => sum + weight, 0)).toBeCloseTo(3);
		expect(JSON.parse(topicOf(readQuestion("ok thanks")))).toEqual([]);
	});
});
