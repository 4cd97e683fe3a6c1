import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { parseCsv } from "./csv.ts";
import { createPortal, NOW, refusal, withoutRequestId } from "../../test/portal.ts";
import type { Answer, Portal } from "../../test/portal.ts";
import { CHADIS, PANNU, STAFF, admin, seedTwins } from "../../test/seed.ts";

const IDS = ["e", "c", "b", "a", "d", "f"].map((letter) => `message-alpha-${letter}`);
const DAYS = "from=2026-08-01&to=2026-08-20";

let portal: Portal;

beforeEach(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
});

const take = (query: string, as = admin(CHADIS), method = "GET"): Promise<Answer> =>
	portal.call(`/portal/export?${DAYS}&${query}`, { as, method });

async function recorded(): Promise<number> {
	return (await env.DB.prepare("SELECT COUNT(*) AS n FROM audit_log").first<number>("n")) ?? 0;
}

async function expectRefused(answer: Answer): Promise<void> {
	expect({ status: answer.status, roundTrips: answer.roundTrips }).toEqual({ status: 422, roundTrips: 1 });
	const message =
		"must be the message_id of a row of these days that is still stored: begin anew or give an earlier row's";
	expect(withoutRequestId(answer)).toEqual(
		refusal("invalid_request", "Please correct: cursor.", [{ field: "cursor", message }]),
	);
	expect(await recorded()).toBe(0);
}

describe("an export that goes on", () => {
	it("gives what follows any row, under the same header, and counts its own rows", async () => {
		const [header] = (await take("")).text.split("\r\n");
		for (const [at, id] of IDS.entries()) {
			const answer = await take(`cursor=${id}`);
			expect(answer.status).toBe(200);
			expect(answer.text.split("\r\n")[0]).toBe(header);
			const rows = parseCsv(answer.text).slice(1);
			expect(rows.map((row) => row[4])).toEqual([...IDS.slice(at + 1), ""]);
			expect(rows.at(-1)?.slice(4, 7)).toEqual(["", "end", `complete: ${IDS.length - 1 - at} rows`]);
		}
	});

	it("costs no more round trips than one that begins, and is recorded as well", async () => {
		expect((await take(`cursor=${IDS[1]}`)).roundTrips).toBe(2);
		expect(await recorded()).toBe(1);
	});

	it("goes on behind a row of a conversation that has grown since", async () => {
		await env.DB.prepare(
			"INSERT INTO chat_messages (id, org_id, session_id, role, content) VALUES ('new', 'org_chadis', 'session-alpha-5', 'user', 'x')",
		).run();
		const rows = parseCsv((await take(`cursor=${IDS[4]}`)).text).slice(1, -1);
		expect(rows.map((row) => row[4])).toEqual(["new", "message-alpha-f"]);
	});

	it("is staff's in an organization that they name", async () => {
		const { text } = await take(`orgId=${CHADIS.id}&cursor=${IDS[4]}`, STAFF);
		expect(parseCsv(text).map((row) => row[4])).toEqual(["message_id", "message-alpha-f", ""]);
	});
});

describe("a cursor", () => {
	it.each([
		["that nobody has given", "cursor=unknown"],
		["of another customer", `cursor=${IDS[0]?.replace("alpha", "omega")}`],
		["of a conversation that began on another day", `to=2026-08-19&cursor=${IDS[0]}`],
	])("%s is refused, and nothing is recorded", async (_, query) => {
		const days = query.startsWith("to=") ? "from=2026-08-01" : DAYS;
		await expectRefused(await portal.call(`/portal/export?${days}&${query}`, { as: admin(CHADIS) }));
	});

	it("of an erased message is refused, and an earlier row's is not", async () => {
		await env.DB.prepare("DELETE FROM chat_sessions WHERE id = 'session-alpha-5'").run();
		await expectRefused(await take(`cursor=${IDS[2]}`));
		expect((await take(`cursor=${IDS[0]}`)).status).toBe(200);
	});

	it("of a message that is filed under the wrong customer is refused", async () => {
		const file = "INSERT INTO chat_messages (id, org_id, session_id, role, content) VALUES (?1, ?2, ?3, 'user', 'x')";
		await env.DB.batch([
			env.DB.prepare(file).bind("theirs", PANNU.id, "session-alpha-0"),
			env.DB.prepare(file).bind("ours", CHADIS.id, "session-omega-0"),
		]);
		await expectRefused(await take("cursor=theirs"));
		await expectRefused(await take("cursor=ours"));
	});

	it("is refused to HEAD as to GET", async () => {
		expect((await take("cursor=unknown", admin(CHADIS), "HEAD")).status).toBe(422);
		const answer = await take(`cursor=${IDS[0]}`, admin(CHADIS), "HEAD");
		expect({ status: answer.status, roundTrips: answer.roundTrips }).toEqual({ status: 200, roundTrips: 1 });
		expect(await recorded()).toBe(0);
	});

	it("that is empty, too long or given twice is refused before anything is read", async () => {
		for (const query of ["cursor=", `cursor=${"x".repeat(201)}`, "cursor=a&cursor=b"]) {
			const { status, roundTrips } = await take(query);
			expect({ status, roundTrips }).toEqual({ status: 422, roundTrips: 0 });
		}
	});
});
