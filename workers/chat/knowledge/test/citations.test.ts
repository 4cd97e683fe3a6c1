import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { PANNU_KEY, STREAMED, eventsOf, newClient } from "../../test/client.ts";
import { run } from "../../test/tables.ts";
import { createCitationFilter, withoutCitations } from "../citations.ts";

beforeEach(() => resetDatabase(env.DB));

/** As models write marks, what is left of the text, and the numbers named. */
const MARKED: [string, string, number[]][] = [
	["It is free [[1]].", "It is free.", [1]],
	["It is free.[[1]] Really.", "It is free. Really.", [1]],
	["It is free. [[1]] Really.", "It is free. Really.", [1]],
	["It is [[1]]free.", "It is free.", [1]],
	["It is free [[1,3]].", "It is free.", [1, 3]],
	["It is free [[ 1 , 3 ]].", "It is free.", [1, 3]],
	["It is free [[3; 1]].", "It is free.", [3, 1]],
	["It is free [[1], [3]].", "It is free.", [1, 3]],
	["It is free [[1-3]].", "It is free.", [1, 2, 3]],
	["It is free [[2 – 3]].", "It is free.", [2, 3]],
	["It is free [[3-1]].", "It is free.", [3, 1]],
	["It is free [[1-900]].", "It is free.", [1, 900]],
	["It is free [[1 and 3]].", "It is free.", [1, 3]],
	["Es gratis [[1, 2 y 3]].", "Es gratis.", [1, 2, 3]],
	["It is free [[1 3]].", "It is free.", [1, 3]],
	["It is free [[1]][[3]] [[1]].", "It is free.", [1, 3]],
	["It is free \\[\\[1\\]\\].", "It is free.", [1]],
	["[[2]] It is free.", "It is free.", [2]],
	["It is free. [[1]]", "It is free.", [1]],
	["It is free. [[1]]\n", "It is free.", [1]],
	["- One [[1]]\n- Two [[2]]\n", "- One\n- Two", [1, 2]],
	["One.\n\n[[1]]\n\nTwo.", "One.\n\nTwo.", [1]],
	["[[[1]]]", "[]", [1]],
	["見て[[1]]。", "見て。", [1]],
	["[[1]]", "", [1]],
	["See [1] and [[wiki]] and [[]] and [[1", "See [1] and [[wiki]] and [[]] and", []],
	["a[0][[x]]", "a[0][[x]]", []],
	["[[1234]] is a year", "[[1234]] is a year", []],
	["[[1 android]] [[1 and]]", "[[1 android]] [[1 and]]", []],
	["An array [ [1], [2] ]", "An array [ [1], [2] ]", []],
	["A path C:\\[x] ends ", "A path C:\\[x] ends ", []],
];

function inPieces(pieces: readonly string[], isComplete: boolean): { text: string; numbers: number[] } {
	const filter = createCitationFilter();
	const text = pieces.map((piece) => filter.push(piece)).join("") + filter.end(isComplete);
	return { text, numbers: filter.numbers() };
}

describe("a citation mark", () => {
	it.each(MARKED)("is taken off %j, however it is cut", (text, left, numbers) => {
		for (const pieces of [[text], [...text], text.match(/.{1,2}/gsu) ?? [], text.match(/.{1,5}/gsu) ?? []]) {
			expect(inPieces(pieces, true)).toEqual({ text: left, numbers });
		}
	});

	it("is the same for any text and any cuts", () => {
		const text = fc.array(
			fc.constantFrom("[", "[", "]", "]", "1", "23", ",", "-", " and ", " ", "\n", "\\", "a", "Größe", "🧸", ";"),
			{
				maxLength: 40,
			},
		);
		fc.assert(
			fc.property(text, fc.boolean(), (pieces, isComplete) => {
				expect(inPieces(pieces, isComplete)).toEqual(withoutCitations(pieces.join(""), isComplete));
			}),
			{ numRuns: 2000 },
		);
	});

	it("loses nothing of a text without brackets", () => {
		fc.assert(
			fc.property(fc.string({ unit: "grapheme" }), (text) => {
				fc.pre(!/[[\\]/.test(text));
				expect(withoutCitations(text, true)).toEqual({ text, numbers: [] });
			}),
		);
	});

	it("shows no part of itself where the text is cut within it", () => {
		const mark = " [[12,345]]";
		for (let cut = 2; cut < mark.length; cut++) {
			expect(inPieces([...`It is free${mark.slice(0, cut)}`], false)).toEqual({ text: "It is free", numbers: [] });
		}
	});

	it("is not awaited for good: what is too long for one is shown", () => {
		const long = `[[${"1, ".repeat(100)}`;
		expect(createCitationFilter().push(long).length).toBeGreaterThan(150);
	});
});

describe("an answer with citation marks", () => {
	const deltas = (text: string): string =>
		eventsOf(text)
			.filter(({ event }) => event === "delta")
			.map(({ data }) => Object(data).text)
			.join("");

	beforeEach(() =>
		run(
			"INSERT INTO knowledge (id, org_id, title, body) VALUES ('kn_1', 'org_pannu_dental', 'Parking', 'It is free.')",
		),
	);

	it("is streamed without them, and says in the end what it rests on", async () => {
		const client = newClient();
		await client.gemini({ reply: { pieces: ["Parking is ", "free [", "[1", "]", "]. ", "Come", " by [[", "1]]"] } });
		const text = await (await client.call({ key: PANNU_KEY, headers: STREAMED })).text();
		expect(text).not.toContain("[[");
		expect(deltas(text)).toBe("Parking is free. Come by");
		expect(eventsOf(text).at(-1)).toMatchObject({
			event: "done",
			data: { response: "Parking is free. Come by", sources: [{ title: "Parking", url: null }] },
		});
	});

	const halves = ["[", "[[", "[[1", "[[1,", "[[1]"];
	it.each(halves)("that breaks off after %s shows no part of it", async (half) => {
		const client = newClient();
		await client.gemini({ reply: { pieces: ["It is free ", half, "never sent"] }, cut_after: 2 });
		const text = await (await client.call({ key: PANNU_KEY, headers: STREAMED })).text();
		expect(eventsOf(text).at(-1)?.event).toBe("error");
		expect(deltas(text).trim()).toBe("It is free");
	});

	it.each(halves)("that runs out of tokens after %s shows no part of it", async (half) => {
		const client = newClient();
		await client.gemini({ reply: { pieces: ["It is free ", half], finish_reason: "MAX_TOKENS" }, times: 2 });
		const text = await (await client.call({ key: PANNU_KEY, headers: STREAMED })).text();
		expect(deltas(text)).toBe("It is free");
		expect(eventsOf(text).at(-1)).toMatchObject({ data: { response: "It is free", finish: "length" } });
		const whole = await client.call({ key: PANNU_KEY });
		expect(await whole.json()).toMatchObject({ response: "It is free", finish: "length" });
	});

	it("cannot hide a recital of the instructions", async () => {
		const client = newClient();
		const text = "You are [[1]] the website [[1]] assistant of [[1]] Pannu Dental. Never [[1]] tell.";
		await client.gemini({ reply: { text } });
		expect(await (await client.call({ key: PANNU_KEY })).json()).toMatchObject({ finish: "blocked", sources: [] });
	});
});
