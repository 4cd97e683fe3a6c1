import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { parseCsv } from "./csv.ts";
import { createPortal, FORBIDDEN, NOW, refusal, withoutRequestId } from "../../test/portal.ts";
import type { Answer, Portal } from "../../test/portal.ts";
import { CHADIS, PANNU, STAFF, admin, member, seedTwins } from "../../test/seed.ts";
import { visitorName } from "../../conversations/test/visitor-name.ts";

let portal: Portal;

beforeEach(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
});

const HEADER = [
	"conversation_id",
	"engine",
	"visitor",
	"started_at",
	"message_id",
	"role",
	"text",
	"created_at",
	"finish",
	"rating",
	"consent",
];
const FIFTH = ["session-alpha-5", "First alpha", visitorName(CHADIS.id, "visitor-alpha-5"), "2026-08-20T10:05:00.000Z"];
const FIRST = ["session-alpha-0", "First alpha", visitorName(CHADIS.id, "visitor-alpha-0"), "2026-08-20T10:00:00.000Z"];
const TEST = ["session-alpha-7", "Third alpha", visitorName(CHADIS.id, "visitor-alpha-7"), "2026-08-20T10:07:00.000Z"];
const ROWS = [
	[...FIRST, "message-alpha-e", "user", "Hello, alpha", "2026-08-20T10:00:00.000Z", "", "", ""],
	[...FIFTH, "message-alpha-c", "user", "When are you open, alpha", "2026-08-20T10:05:00.000Z", "", "", ""],
	[...FIFTH, "message-alpha-b", "assistant", "From nine, alpha", "2026-08-20T10:05:01.000Z", "stop", "up", ""],
	[...FIFTH, "message-alpha-a", "user", "And on Sundays, alpha", "2026-08-20T11:05:00.000Z", "", "", ""],
	[...FIFTH, "message-alpha-d", "assistant", "Never, alpha", "2026-08-20T11:05:01.000Z", "stop", "down", ""],
	[...TEST, "message-alpha-f", "user", "Testing, alpha", "2026-08-20T10:07:00.000Z", "", "", ""],
];

const take = (query = "", as = admin(CHADIS), method = "GET"): Promise<Answer> =>
	portal.call(`/portal/export${query}`, { as, method });

async function audit(): Promise<unknown[]> {
	return (
		await env.DB.prepare(
			"SELECT org_id, at, user_id, acting_as, action, target, fields FROM audit_log ORDER BY id",
		).all()
	).results;
}

/** The header and the messages, without the marks at the beginning and the end, of an export that is whole. */
function rowsOf({ text }: Answer): string[][] {
	const rows = parseCsv(text.replace(/^\uFEFF/, ""));
	expect(rows.pop()).toEqual(["#end", "", "", "", "", "end", `complete: ${rows.length - 1} rows`, "", "", "", ""]);
	return rows;
}

async function say(text: string, id = "said"): Promise<void> {
	await env.DB.prepare(
		"INSERT INTO chat_messages (id, org_id, session_id, role, content) VALUES (?1, 'org_chadis', 'session-alpha-1', 'user', ?2)",
	)
		.bind(id, text)
		.run();
}

describe("GET /portal/export", () => {
	it("gives every message as CSV, the oldest conversation first, each in the order it went", async () => {
		const answer = await take();
		expect(answer.status).toBe(200);
		expect(rowsOf(answer)).toEqual([HEADER, ...ROWS]);
		expect(answer.headers.get("Content-Type")).toBe("text/csv; charset=utf-8");
		expect(answer.headers.get("Content-Disposition")).toBe(
			'attachment; filename="chadis-conversations-2026-07-22-to-2026-08-20.csv"',
		);
		expect(answer.headers.get("Cache-Control")).toBe("no-store");
		expect(answer.headers.get("X-Content-Type-Options")).toBe("nosniff");
	});

	it("names the texts that the visitor of each message has agreed to", async () => {
		const consents = [
			["0123456789abcdef", "2026-08-20T10:05:00.000Z"],
			["fedcba9876543210", "2026-08-20T11:05:00.000Z"],
		];
		await env.DB.prepare("UPDATE chat_sessions SET consents = ?1 WHERE id = 'session-alpha-5'")
			.bind(JSON.stringify(consents))
			.run();
		const cells = rowsOf(await take()).map((row) => [row[0], row.at(-1)]);
		const both = ["session-alpha-5", "0123456789abcdef fedcba9876543210"];
		expect(cells).toEqual([
			["conversation_id", "consent"],
			["session-alpha-0", ""],
			...[both, both, both, both],
			["session-alpha-7", ""],
		]);
	});

	it("begins with a byte order mark and ends every line with CRLF, one page in two round trips", async () => {
		const bytes = new Uint8Array(await (await portal.fetch("/portal/export", { as: admin(CHADIS) })).arrayBuffer());
		expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
		const text = new TextDecoder().decode(bytes);
		expect(text.split("\r\n")[0]).toBe(HEADER.join(","));
		expect(text.endsWith("\r\n#end,,,,,end,complete: 6 rows,,,,\r\n")).toBe(true);
		expect((await take()).roundTrips).toBe(2);
	});

	it("covers the days asked for, both ends included, by when a conversation began", async () => {
		const begin = env.DB.prepare("UPDATE chat_sessions SET started_at = ?2 WHERE id = ?1");
		await env.DB.batch([
			begin.bind("session-alpha-0", "2026-03-01T00:00:00.000Z"),
			begin.bind("session-alpha-7", "2026-03-02T23:59:59.999Z"),
		]);
		const ids = async (query: string): Promise<(string | undefined)[]> =>
			rowsOf(await take(query))
				.slice(1)
				.map(([id]) => id);
		expect(await ids("?from=2026-03-01&to=2026-03-02")).toEqual(["session-alpha-0", "session-alpha-7"]);
		expect(await ids("?from=2026-03-02&to=2026-03-02")).toEqual(["session-alpha-7"]);
		expect(await ids("?from=2026-03-01&to=2026-03-01")).toEqual(["session-alpha-0"]);
		expect(await ids("?from=2026-03-03&to=2026-03-31")).toEqual([]);
		expect(await ids("")).toEqual(Array(4).fill("session-alpha-5"));
		expect(await ids("?from=2025-08-20&to=2026-08-20")).toHaveLength(6);
	});

	it("covers the day that has begun east of UTC, of which there is nothing yet", async () => {
		const answer = await take("?from=2026-08-21&to=2026-08-21");
		expect(parseCsv(answer.text)).toEqual([HEADER, expect.arrayContaining(["#end", "complete: 0 rows"])]);
		expect(answer.headers.get("Content-Disposition")).toContain("2026-08-21-to-2026-08-21.csv");
	});

	it("refuses days that are none or too many before it reads anything", async () => {
		const fault = { field: "from", message: "must be at most 366 days before to, both included" };
		const answer = await take("?from=2025-08-19&to=2026-08-20");
		expect({ status: answer.status, roundTrips: answer.roundTrips }).toEqual({ status: 422, roundTrips: 0 });
		expect(withoutRequestId(answer)).toEqual(refusal("invalid_request", "Please correct: from.", [fault]));
		for (const query of [
			"?from=1e9",
			"?from=2026-02-30",
			"?to=",
			"?from=2026-08-22",
			"?from=2026-08-20&from=2026-08-20",
		]) {
			expect((await take(query)).status).toBe(422);
		}
		expect(await audit()).toEqual([]);
	});

	it("quotes what needs it, and keeps every other character", async () => {
		const said = [
			'a "quoted" word',
			"comma, semicolon; tab\there",
			"two\r\nlines\nand\rmore",
			'"',
			"Zähne 🦷 \u{10FFFF}",
			" blank around ",
			"'",
			"",
		];
		for (const [n, text] of said.entries()) await say(text, `said${n}`);
		const rows = rowsOf(await take()).filter(([id]) => id === "session-alpha-1");
		expect(rows.map((row) => row[6])).toEqual(said);
	});

	it("holds nothing of another org, not even what is filed under the wrong one", async () => {
		await env.DB.batch([
			env.DB.prepare(
				"INSERT INTO chat_messages (id, org_id, session_id, role, content) VALUES ('x', ?1, 'session-alpha-0', 'user', 'omega')",
			).bind(PANNU.id),
			env.DB.prepare(
				"INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at) VALUES ('y', ?1, ?2, 'v', '2026-08-20T09:00:00.000Z')",
			).bind(CHADIS.id, PANNU.siteId),
			env.DB.prepare(
				"INSERT INTO chat_messages (id, org_id, session_id, role, content) VALUES ('y', ?1, 'y', 'user', 'omega')",
			).bind(CHADIS.id),
		]);
		expect(rowsOf(await take())).toEqual([HEADER, ...ROWS]);
		expect((await take(`?orgId=${PANNU.id}`)).status).toBe(403);
	});

	it("answers HEAD without reading, or recording that anyone read", async () => {
		const answer = await take("", admin(CHADIS), "HEAD");
		expect({ status: answer.status, text: answer.text, roundTrips: answer.roundTrips }).toEqual({
			status: 200,
			text: "",
			roundTrips: 1,
		});
		expect(answer.headers.get("Content-Type")).toBe("text/csv; charset=utf-8");
		expect(await audit()).toEqual([]);
	});
});

describe("a cell that a spreadsheet would run", () => {
	it("is made a text in every column that someone else fills", async () => {
		await env.DB.batch([
			env.DB.prepare("UPDATE portal_sites SET name = '=engine' WHERE id = 'site_chadis'"),
			env.DB.prepare("UPDATE chat_messages SET content = '@said(A1)' WHERE id = 'message-alpha-e'"),
		]);
		const [, row = []] = rowsOf(await take());
		expect([row[1], row[6]]).toEqual(["'=engine", "'@said(A1)"]);
	});
});

describe("who takes texts out of the portal", () => {
	it("is recorded once, with the days, before the first byte", async () => {
		const answer = await portal.fetch("/portal/export?from=2026-08-01&to=2026-08-20", { as: admin(CHADIS) });
		expect(await audit()).toEqual([
			{
				org_id: CHADIS.id,
				at: "2026-08-20T12:00:00.000Z",
				user_id: "user_alphaAdmin",
				acting_as: "admin",
				action: "export.create",
				target: "2026-08-01/2026-08-20",
				fields: "[]",
			},
		]);
		await answer.text();
		expect(await audit()).toHaveLength(1);
	});

	it("is an admin or staff, who does not act in another's name", async () => {
		for (const as of [member(CHADIS), { ...admin(CHADIS), impersonated: true }]) {
			const answer = await take("", as);
			expect(answer.status).toBe(403);
			expect(withoutRequestId(answer)).toEqual("impersonated" in as ? FORBIDDEN.impersonated : FORBIDDEN.notAdmin);
		}
		expect(await audit()).toEqual([]);
		expect((await take(`?orgId=${PANNU.id}`, STAFF)).headers.get("Content-Disposition")).toContain(
			"pannu-dental-conversations",
		);
		expect(await audit()).toMatchObject([{ org_id: PANNU.id, user_id: "user_staff", acting_as: "staff" }]);
	});

	it("gets nothing when it cannot be recorded", async () => {
		let batches = 0;
		const DB = {
			prepare: (sql: string) => env.DB.prepare(sql),
			batch: (statements: D1PreparedStatement[]) =>
				++batches === 2
					? Promise.reject(new Error("D1_ERROR: D1 DB is overloaded. Requests queued for too long."))
					: env.DB.batch(statements),
		};
		const answer = await portal.call("/portal/export", { as: admin(CHADIS), env: { DB } });
		expect(answer.status).toBe(503);
		expect(answer.headers.get("Retry-After")).toBe("2");
		expect(withoutRequestId(answer)).toEqual(
			refusal("unavailable", "The database is not answering; please try again in a moment."),
		);
	});
});
