import { describe, expect, it } from "vitest";
import { harness } from "./harness.ts";

const URL_OF_MODEL = "https://generativelanguage.googleapis.com/v1beta/models/gemini-3.5-flash-lite";
const KEY = { "x-goog-api-key": "key-1" };
const RULES =
	"You are the website assistant of Bright Smiles.\n\nBe brief.\n\n# Tone\nWe are friendly.\n\nBegin with [?] and say so.";
const OPENING = "What the website's owner has written, the closest to the question first:";
const WHOLE_OPENING = "All that the website's owner has written, in numbered passages:";
const NOTHING_NEAR = "Nothing that the website's owner has written seems to be about your children, or a toy.";
const PASSAGES: readonly (readonly [title: string, content: string])[] = [
	["Opening hours", "We are open from Monday to Friday, 8 am to 5 pm. On Saturday we close at noon."],
	["Parking", "There is free parking behind the building. Bus 7 stops nearby."],
	["Teeth whitening", "We offer whitening. It takes about an hour.\n\nAsk at the desk."],
	["Questions from children", "Children may bring a toy."],
];

const NUMBERED = PASSAGES.map(([title, content], index) => `[${index + 1}] # ${title}\n${content}`);

const plain = [RULES, OPENING, ...PASSAGES.map(([title, content]) => `# ${title}\n${content}`)].join("\n\n");
const numbered = [RULES, OPENING, ...NUMBERED, NOTHING_NEAR].join("\n\n");
/** Knowledge that goes whole stands before the rules. */
const whole = [WHOLE_OPENING, ...NUMBERED, RULES].join("\n\n");

const { post, faults } = harness({ answersFromPassages: true });

function request(instructions: string, messages: string[]) {
	const turns = messages.map((text, index) => ({ role: index % 2 === 0 ? "user" : "model", parts: [{ text }] }));
	return { contents: turns, systemInstruction: { parts: [{ text: instructions }] } };
}

/** @param messages the visitor's and the model's by turns, the visitor's last */
async function reply(instructions: string, ...messages: string[]): Promise<string> {
	const response = await post(`${URL_OF_MODEL}:generateContent`, request(instructions, messages), KEY);
	const body = Object(await response.json());
	return body.candidates[0].content.parts[0].text;
}

describe("a model that was shown passages", () => {
	it.each([
		["When are you open?", /^We are open from Monday to Friday/],
		["Where can I leave my car?", /^There is free parking behind the building\.$/],
		["Do you whiten teeth?", /^We offer whitening\./],
		["How long does whitening take?", /It takes about an hour\.$/],
	])("answers %s with the sentence that fits", async (question, answer) => {
		expect(await reply(plain, question)).toMatch(answer);
	});

	it("cites the passage by its number, where passages have one, also before the rules", async () => {
		expect(await reply(numbered, "Where can I park?")).toBe("There is free parking behind the building. [[2]]");
		for (const instructions of [numbered, whole])
			expect(await reply(instructions, "May children bring a toy?")).toBe("Children may bring a toy. [[4]]");
	});

	it.each([
		"Do you take my insurance?",
		"How much is whitening?",
		"Who are the owners of the moon?",
		"Are you friendly?",
	])("marks that it does not know: %s", async (question) => {
		expect(await reply(plain, question)).toMatch(/^\[\?\] I am sorry, I do not know that/);
		expect(await reply(whole, question)).toMatch(/^\[\?\] I am sorry, I do not know that/);
	});

	it("marks nothing where it is not told to, and knows nothing where it is shown nothing", async () => {
		expect(await reply("Be kind.", "Where can I park?")).toMatch(/^I am sorry, I do not know that/);
		expect(await reply(RULES, "Where can I park?")).toMatch(/^\[\?\] I am sorry/);
	});

	it("points to the contact that it is told to offer", async () => {
		const told = whole.replace("and say so.", 'and say so, and offer this contact: "desk@smiles.example".');
		expect(await reply(told, "Do you take my insurance?")).toMatch(/Please turn to desk@smiles\.example$/);
	});

	it("goes on with what was spoken of, and leaves it for a new subject", async () => {
		expect(await reply(plain, "Do you offer whitening?", "We do.", "How long does that take?")).toMatch(
			/about an hour/,
		);
		expect(await reply(plain, "Do you offer whitening?", "We do.", "Where can I park my car?")).toMatch(/free parking/);
	});

	it("tells of what is asked now alone, whatever was asked before", async () => {
		const before = ["Do you sell bicycles or scooters?", "No."];
		expect(await reply(plain, ...before, "What are your opening hours?")).toMatch(/^We are open from Monday/);
		expect(await reply(plain, "May my children bring a toy to the whitening?", "Yes.", "and on Saturday?")).toMatch(
			/On Saturday we close at noon\.$/,
		);
		expect(
			await reply(plain, "Where can I park?", "Behind.", "Do you offer whitening?", "Yes.", "and how much?"),
		).toMatch(/^\[\?\]/);
	});

	it("reads over a mistyped letter", async () => {
		expect(await reply(plain, "Do you do whitning?")).toMatch(/whitening/);
	});

	it.each([
		["Hello", /^Hello!/],
		["Hello there!", /^Hello!/],
		["Good morning!", /^Hello!/],
		["ok thanks", /^You are welcome!/],
		["Great, thank you so much 🙂", /^You are welcome!/],
		["bye", /^Goodbye/],
		["Yes please", /^What would you like to know\?/],
		["Sí, por favor", /^¿Qué desea saber\?/],
		["Gracias.", /^¡De nada!/],
		["Buenos días", /^¡Hola!/],
	])("answers the courtesy %s with one and no citation", async (courtesy, answer) => {
		const said = await reply(numbered, courtesy);
		expect(said).toMatch(answer);
		expect(said).not.toContain("[");
	});

	it("answers the question behind a greeting", async () => {
		expect(await reply(plain, "Hi, where can I park?")).toMatch(/free parking/);
	});

	it("speaks Spanish to who writes it, and where the owner asks for it", async () => {
		expect(await reply(numbered, "¿Dónde puedo estacionar?")).toMatch(
			/^Esto es lo que dice nuestra página: «There is free parking.*» \[\[2\]\]$/,
		);
		expect(await reply(plain, "aceptan mi seguro")).toMatch(/^\[\?\] Lo siento/);
		const told = (language: string): string => whole.replace("Be brief.", `Always answer in ${language}.`);
		expect(await reply(told("Spanish"), "Where can I park?")).toMatch(/^Esto es lo que dice/);
		expect(await reply(told("English"), "¿Dónde puedo estacionar?")).toMatch(/^There is free/);
	});

	it("streams in small pieces, and says what a test gives it to say", async () => {
		const stream = async (): Promise<string> => {
			const asked = request(plain, ["Where can I park?"]);
			return (await post(`${URL_OF_MODEL}:streamGenerateContent?alt=sse`, asked, KEY)).text();
		};
		const pieces = [...(await stream()).matchAll(/"text":"([^"]*)"/g)].map(([, text]) => text);
		expect(pieces).toEqual(["There is", " free parking", " behind the", " building.", ""]);
		await faults("key-1", { reply: { text: "As told." } });
		expect(await stream()).toContain('"text":"As told."');
		expect(await reply(plain, "[[echo]]")).toBe(plain);
	});
});
