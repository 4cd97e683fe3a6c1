import { describe, expect, it } from "vitest";
import { ruleFor } from "../rule.ts";

const PRACTICE = { name: "Pannu Dental", contact: "(555) 010-0100, Mon to Fri" };
const answerTo = (message: string): string | undefined => ruleFor(message)?.text(PRACTICE);
const ruleOf = (message: string): string | undefined => ruleFor(message)?.name;

describe("whoever asks whether a person answers", () => {
	it.each([
		"Are you human?",
		"are you a human",
		"Are you a real person?",
		"are u a person?",
		"r u real",
		"Hi! Are you real?",
		"Are you really a human being?",
		"Am I talking to a real person?",
		"am i speaking with a human right now?",
		"Am I chatting with a live person here",
		"Is this a real person?",
		"Is this a human I'm talking to?",
		"Hello, is this an actual human?",
		"Wait, are you an actual person or not?",
		"are you a real doctor?",
		"Are you a real dentist or what?",
		"Is there a real person here?",
		"is there a live human I can talk to?",
		"Sorry to ask… are you human? I need a crown.",
		"I have a question first: are you a person?",
		"You're not a human, are you?",
		"¿Eres humano?",
		"¿Eres una persona real?",
		"¿Es usted una persona?",
		"hola, estoy hablando con una persona?",
		"¿Hablo con un ser humano?",
		"eres real?",
		"¿Hay una persona real ahí?",
		"¿Es una persona de verdad?",
	])("%s: hears no, and how to reach one", (message) => {
		expect(answerTo(message)).toMatch(/^No\. .*(?:not a person|no una persona).*\(555\) 010-0100/);
	});

	it.each([
		"Are you a bot?",
		"are you an AI",
		"are you A.I.?",
		"Are you a robot or what?",
		"Are you ChatGPT?",
		"Am I talking to a machine?",
		"is this a chatbot?",
		"Is this an automated system?",
		"you're a bot, right?",
		"arent you just a computer program",
		"r u ai",
		"u a bot?",
		"you a robot?",
		"¿Eres un robot?",
		"¿Eres una inteligencia artificial?",
		"estoy hablando con una máquina?",
		"¿Es usted un bot?",
	])("%s: hears yes, and how to reach one", (message) => {
		expect(answerTo(message)).toMatch(/^(?:Yes|Sí)\. .*(?:not a person|no una persona).*\(555\) 010-0100/);
	});

	it.each([
		"Are you a human or a bot?",
		"are you a bot or a real person?",
		"Human or robot?",
		"Is this a person or an AI?",
		"Who am I talking to?",
		"what am i speaking with",
		"What are you?",
		"¿Eres una persona o un robot?",
		"¿Con quién estoy hablando?",
		"¿Qué eres?",
	])("%s: hears what it is", (message) => {
		expect(answerTo(message)).toMatch(
			/^(?:You are writing with the AI assistant of Pannu|Está escribiendo con el asistente de IA)/,
		);
	});

	it.each([
		"I want to talk to a real person",
		"Can I speak to a human please?",
		"Are you open on Sunday?",
		"Are you a pediatric dentist?",
		"are you a dentist?",
		"Is this a real dental office?",
		"Are you taking new patients?",
		"Are you the only person working there on Monday?",
		"is there someone who speaks Spanish?",
		"Is there a doctor there today?",
		"Do you use AI to read x-rays?",
		"Is the billing automated?",
		"Is this covered by insurance?",
		"Is a person allowed to eat after a filling?",
		"thank you man",
		"are you human resources?",
		"You are a lifesaver",
		"what are you doing about my bill?",
		"Who are you open for?",
		"Are you still there?",
		"¿Está abierto hoy?",
		"Quiero hablar con una persona",
		"¿Puedo hablar con un humano?",
		"Mi hija es una persona nerviosa",
		"¿Es una clínica real?",
	])("%s: asks something else", (message) => {
		expect(ruleOf(message)).toBeUndefined();
	});
});

describe("a child who says their age", () => {
	it.each([
		"I am 9",
		"I'm 12 years old",
		"Im 10",
		"i’m 11 and my tooth hurts",
		"I'm only 8 years old.",
		"hi im nine years old",
		"I am a 9-year-old girl",
		"I'm a 13 year old boy and I need braces",
		"i just turned 10",
		"My name is Ana, I'm 9, can I get braces?",
		"im 9 can i come alone",
		"I am 16",
		"I'm 17 y/o",
		"im 12yo",
		"I am 10yrs old",
		"My age is 11",
		"I am 9 and a half",
		"I am seven years old",
		"am 12 years old pls help",
		"Do you do whitening? I'm 15 btw",
		"tengo 10 años",
		"Tengo diez años y me duele un diente",
		"hola, tengo 9 añitos",
		"solo tengo 12 años",
		"Tengo 11 años de edad",
		"soy una niña de 9 años",
		"acabo de cumplir 10 años",
	])("%s: is sent to a grown-up", (message) => {
		expect(ruleOf(message)).toBe("child");
		expect(answerTo(message)).toMatch(/(?:ask a grown-up|pide a una persona adulta).*Pannu Dental/);
	});

	it.each([
		"my son is 9",
		"My daughter is 12 years old",
		"I am 9 weeks pregnant",
		"I'm 12 weeks along",
		"I am 45",
		"I'm 18",
		"I am 18 years old",
		"I'm 10 minutes away",
		"I am 15 min late",
		"I'm 5'2\"",
		"I am 6 feet tall",
		"I am 7 months post-op",
		"I'm 10th in line",
		"My pain? I'm 7/10",
		"I am a 7 out of 10 on the pain scale",
		"I am 10% sure",
		"I'm 12 years sober",
		"I am 9 years older than my wife",
		"I am 10, 15 minutes away",
		"I am 15-20 minutes away",
		"I am 8.5 miles away",
		"I have 12 years of dental insurance",
		"I am the mother of a 9 year old",
		"I'm a 9-year-old's mom",
		"I've been a patient for 12 years",
		"When I was 9 I broke a tooth",
		"If I am 16 can I come without my parents?",
		"I'm at 12 Main Street",
		"I am on day 5",
		"I'm 1 of 3 siblings",
		"I am 16 weeks into Invisalign",
		"am 10 appointment",
		"9am or 10 am works",
		"tomorrow 10 am 12 pm or 9 am 10",
		"Is 10 am 12 days from now ok",
		"Can you see a 9 year old?",
		"9 years old",
		"mi hijo tiene 9 años",
		"tengo 10 años de experiencia",
		"tengo 12 años sin ir al dentista",
		"tengo un hijo de 9 años",
		"tengo 45 años",
		"no tengo 10 años",
		"tengo 10 minutos",
	])("%s: is nobody's who may not be answered", (message) => {
		expect(ruleOf(message)).toBeUndefined();
	});

	it("comes before the question who answers", () => {
		expect(ruleOf("Are you human? I am 9.")).toBe("child");
	});
});

it("says where no contact is known that the website has one", () => {
	expect(ruleFor("Are you human?")?.text({ name: "A", contact: null })).toMatch(/contact details on this website\.$/);
});
