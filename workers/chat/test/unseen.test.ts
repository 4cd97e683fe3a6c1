import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../lib/test/database.ts";
import { CHADIS_KEY, expectError, newClient } from "./client.ts";
import { converse, leave, rate } from "./routes.ts";
import { NOTHING_WRITTEN, rows, watched, written } from "./tables.ts";

beforeEach(() => resetDatabase(env.DB));
afterEach(() => vi.restoreAllMocks());

const UNSEEN: [string, string][] = [
	["zero-width joiners", "\u200d\u200d"],
	["braille blanks", "\u2800 \u2800"],
	["Hangul fillers", "\u3164\u1160"],
	["soft hyphens", "\u00ad\u00ad"],
	["tags", "\u{e0068}\u{e0069}"],
	["variation selectors", "\ufe0e\u{e0101}"],
	["marks alone", "\u0301\u0302"],
	["a direction and a space", "\u202e\u00a0"],
];

describe("a text that nobody sees", () => {
	it.each(UNSEEN)("is no message: %s", async (_, message) => {
		const { db, trips } = watched();
		for (const key of [CHADIS_KEY, undefined]) {
			const response = await newClient().call({ key, body: { message }, env: { DB: db } });
			await expectError(response, 422, "invalid_request", ["message"]);
		}
		expect(trips()).toBe(0);
		expect(await written()).toEqual(NOTHING_WRITTEN);
	});

	it.each(UNSEEN)("is no comment and no word of a lead: %s", async (_, text) => {
		const talk = await converse();
		expect((await newClient().call(rate("down", { comment: text })(talk, talk.key))).status).toBe(204);
		expect(await rows("SELECT rating, rating_comment FROM chat_messages WHERE role = 'assistant'")).toEqual([
			{ rating: "down", rating_comment: null },
		]);
		const lead = leave("ann@example.com", { name: text, message: text });
		expect((await newClient().call(lead(talk, talk.key))).status).toBe(204);
		expect(await rows("SELECT name, email, message FROM leads")).toEqual([
			{ name: null, email: "ann@example.com", message: null },
		]);
		await expectError(await newClient().call(leave(text)(talk, talk.key)), 422, "invalid_request", ["email"]);
	});

	it.each(["\u200bhi", "👍\ufe0f", "한\u3164", "?", "e\u0301"])(
		"is not %j, which comes as it was sent",
		async (message) => {
			const client = newClient();
			expect((await client.call({ key: CHADIS_KEY, body: { message } })).status).toBe(200);
			expect((await client.asked()).at(-1)?.body).toMatchObject({ contents: [{ parts: [{ text: message }] }] });
		},
	);
});

/** 30 KB and a little, and slow to put in order, or to take apart. */
const SLOW: [string, string][] = [
	["one mark", "a\u0315".padEnd(15_000, "\u0315")],
	["marks of two classes by turns", "a".padEnd(15_000, "\u0315\u0327")],
	["marks of four classes by turns", "a".padEnd(15_000, "\u0345\u0301\u0334\u0327")],
	["letters that become marks", "a".padEnd(10_000, "\uff9e\u0327")],
	["Hangul in parts", "\u1100\u1161\u11a8".repeat(3300)],
	["letters that become eighteen", "\ufdfa".repeat(10_000)],
	["question marks", `${"?".repeat(30_000)}a`],
];

describe("a field that is far too long", () => {
	it.each(SLOW)("is refused by its length before it is put in a normal form: %s", async (_, text) => {
		const talk = await converse();
		const normalize = vi.spyOn(String.prototype, "normalize");
		const { db, trips } = watched();
		const calls = [
			{ key: CHADIS_KEY, body: { message: text } },
			{ key: "sk_nobody_live_abc123", body: { message: text } },
			{ key: undefined, body: { message: text } },
			rate("up", { comment: text })(talk, talk.key),
			leave("ann@example.com", { message: text })(talk, talk.key),
			leave(text)(talk, talk.key),
			{ key: CHADIS_KEY, body: { message: "Hello", visitor_id: text } },
		];
		for (const call of calls) {
			const response = await newClient().call({ ...call, env: { DB: db } });
			expect([response.status, Object(await response.json()).error.code]).toEqual([422, "invalid_request"]);
		}
		expect(normalize).not.toHaveBeenCalled();
		expect(trips()).toBe(0);
	});

	it.each(SLOW)(
		"and one that is as long as may be is answered, with few marks in a row normalised: %s",
		async (...given) => {
			const message = Array.from(given[1]).slice(0, 1999).join("");
			const normalize = vi.spyOn(String.prototype, "normalize");
			expect((await newClient().call({ key: CHADIS_KEY, body: { message: `${message}!` } })).status).toBe(200);
			const texts = normalize.mock.contexts.map(String);
			expect(texts.filter((text) => /[\p{M}\uff9e]{31}/u.test(text))).toEqual([]);
		},
	);
});
