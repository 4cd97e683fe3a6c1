import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { isEmailAddress } from "../email-address.ts";
import { CHADIS_KEY, UUID, expectError, newClient } from "../../test/client.ts";
import { converse, counters, everything, leave } from "../../test/routes.ts";
import { d1Error, rows, watched } from "../../test/tables.ts";

beforeEach(() => resetDatabase(env.DB));

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const ONE_LEAD = [{ site_id: "site_chadis", feedback_up: 0, feedback_down: 0, leads: 1 }];

describe("a lead", () => {
	it("is kept and counted", async () => {
		const talk = await converse({ visitor: "v-1" });
		const response = await newClient().call(
			leave(" ann@example.com ", { name: " Ann ", message: "Call me" })(talk, talk.key),
		);
		expect([response.status, await response.text()]).toEqual([204, ""]);
		const [lead] = await rows("SELECT * FROM leads");
		expect(lead).toEqual({
			...{ id: expect.stringMatching(UUID), org_id: "org_chadis", site_id: "site_chadis", session_id: talk.session_id },
			...{ name: "Ann", email: "ann@example.com", message: "Call me", created_at: expect.stringMatching(INSTANT) },
			consent_version: null,
		});
		expect(await counters()).toEqual(ONE_LEAD);
	});

	it("sent again replaces what was sent before, and counts once", async () => {
		const talk = await converse({ visitor: "v-1" });
		expect((await newClient().call(leave("ann@exampel.com", { name: "Ann" })(talk, talk.key))).status).toBe(204);
		const [first] = await rows("SELECT id, created_at FROM leads");
		expect((await newClient().call(leave("ann@example.com")(talk, talk.key))).status).toBe(204);
		expect(await rows("SELECT id, name, email, message, created_at FROM leads")).toEqual([
			{ ...first, name: null, email: "ann@example.com", message: null },
		]);
		expect(await counters()).toEqual(ONE_LEAD);
	});

	it("is one of its session, however often it is sent at once", async () => {
		const talk = await converse({ visitor: "v-1" });
		const answers = await Promise.all(
			Array.from({ length: 20 }, (_, n) => newClient().call(leave(`ann${n}@example.com`)(talk, talk.key))),
		);
		expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 204));
		expect(await rows("SELECT COUNT(*) AS n FROM leads")).toEqual([{ n: 1 }]);
		expect(await counters()).toEqual(ONE_LEAD);
	});

	it("leaves no address, name or message in the log, whatever becomes of it", async () => {
		const spies = [vi.spyOn(console, "log"), vi.spyOn(console, "warn"), vi.spyOn(console, "error")].map((spy) =>
			spy.mockImplementation(() => undefined),
		);
		const talk = await converse({ visitor: "v-private" });
		const mine = leave("private@example.com", { name: "Private", message: "private" });
		const { db } = watched(() =>
			d1Error("UNIQUE constraint failed: leads.session_id: SQLITE_CONSTRAINT private@example.com"),
		);
		const statuses = [
			await newClient().call(mine(talk, talk.key)),
			await newClient().call({ ...mine(talk, talk.key), env: { DB: db } }),
			await newClient().call(mine({ ...talk, visitor: "v-other-private" }, talk.key)),
			await newClient().call(leave("private at example", { name: "Private" })(talk, talk.key)),
		].map(({ status }) => status);
		const logged = spies.flatMap((spy) => spy.mock.calls.map(String)).join("\n");
		vi.restoreAllMocks();
		expect(statuses).toEqual([204, 503, 404, 422]);
		expect(logged).toContain('"event":"request"');
		expect(logged).not.toMatch(/private|example/i);
	});

	const bad: [string, Record<string, unknown>, string[]][] = [
		["nothing", {}, ["email"]],
		["null for an address", { session_id: "s", email: null }, ["email"]],
		["an address of another type", { session_id: "s", email: ["a@example.com"] }, ["email"]],
		["no address", { session_id: "s", email: "ann" }, ["email"]],
		["a long address", { session_id: "s", email: `${"a".repeat(243)}@example.com` }, ["email"]],
		[
			"everything wrong",
			{ session_id: 1, email: "a@", name: {}, message: 1 },
			["session_id", "name", "email", "message"],
		],
		[
			"a long name and message",
			{ session_id: "s", email: "a@example.com", name: "n".repeat(201), message: "m".repeat(2001) },
			["name", "message"],
		],
		["NUL", { session_id: "s", email: "a\0@example.com", name: "\0" }, ["name", "email"]],
	];

	it.each(bad)("with %s is refused, every bad field named", async (_, body, fields) => {
		const before = await everything();
		await expectError(
			await newClient().call({ path: "/leads", key: CHADIS_KEY, body }),
			422,
			"invalid_request",
			fields,
		);
		expect(await everything()).toEqual(before);
	});
});

describe("an e-mail address", () => {
	it.each([
		"ann@example.com",
		"ann.o'neil+chat_1@mail.example.co.uk",
		"a@b.io",
		"jürgen@bücher.example",
		"用户@例子.广告",
		"अजय@डाटा.भारत",
		"ann@xn--bcher-kva.example",
		"1@1.museum",
	])("may be %s", (text) => {
		expect(isEmailAddress(text)).toBe(true);
	});

	it.each([
		...[
			"",
			"@",
			"ann",
			"ann@",
			"@example.com",
			"ann@example",
			"ann@@example.com",
			"ann@a@example.com",
			"a b@example.com",
		],
		...[
			"ann@exam ple.com",
			"ann@example..com",
			"ann@.example.com",
			"ann@example.com.",
			"ann@-a.com",
			"ann@a-.com",
			"ann@10.0.0.1",
		],
		...[
			".ann@example.com",
			"ann.@example.com",
			"a..b@example.com",
			'"ann"@example.com',
			"<ann@example.com>",
			"ann@[10.0.0.1]",
		],
		...[
			"ann@example.com,bob@example.com",
			"ann\n@example.com",
			"ann@example.com\r\nBcc: x@example.com",
			"ann@exa_mple.com",
			`${"a".repeat(65)}@example.com`,
		],
		`ann@${"a".repeat(64)}.com`,
	])("is not %j", (text) => {
		expect(isEmailAddress(text)).toBe(false);
	});

	it("is judged in time that grows with its length alone, however wrong it is", () => {
		const wrong = [
			`${"a".repeat(50_000)}!`,
			`${"a.".repeat(25_000)}@`,
			`a@${"a-".repeat(25_000)}!`,
			`a@${"a.".repeat(25_000)}`,
			"@".repeat(50_000),
		];
		// A pattern that goes back over what it has read would not be done with these before the test's own limit.
		for (let times = 0; times < 50; times++) expect(wrong.filter(isEmailAddress)).toEqual([]);
	});
});
