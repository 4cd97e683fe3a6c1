import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { CHADIS_KEY, UUID, expectError, newClient } from "../../test/client.ts";
import { converse, counters, everything, leave, leaveAlone } from "../../test/routes.ts";
import { rows, run } from "../../test/tables.ts";

beforeEach(() => resetDatabase(env.DB));

const NOBODY = { key: CHADIS_KEY, visitor: undefined, session_id: "", message_id: "" };
const leaves = (email: string, more: Record<string, unknown> = {}) =>
	newClient().call(leaveAlone(email, more)(NOBODY, CHADIS_KEY));
const counted = (leads: number) => [{ site_id: "site_chadis", feedback_up: 0, feedback_down: 0, leads }];

describe("a lead of a visitor who has begun no conversation", () => {
	it("is kept and counted, without one", async () => {
		const response = await leaves(" ann@example.com ", { name: " Ann ", message: "Call me", session_id: null });
		expect([response.status, await response.text()]).toEqual([204, ""]);
		expect(await rows("SELECT * FROM leads")).toEqual([
			{
				...{ id: expect.stringMatching(UUID), org_id: "org_chadis", site_id: "site_chadis", session_id: null },
				...{ name: "Ann", email: "ann@example.com", message: "Call me", created_at: expect.any(String) },
				consent_version: null,
			},
		]);
		expect(await counters()).toEqual(counted(1));
	});

	it("sent again as it is changes nothing, however often at once; another one is another, which replaces none", async () => {
		const message = "Call me";
		const sent = await Promise.all(Array.from({ length: 10 }, () => leaves("ann@example.com", { message })));
		expect(new Set(sent.map(({ status }) => status))).toEqual(new Set([204]));
		expect((await leaves("ANN@example.com", { message })).status).toBe(204);
		expect((await leaves("ann@example.com", { message: "Not me" })).status).toBe(204);
		expect(await rows("SELECT email, message FROM leads ORDER BY message")).toEqual([
			{ email: "ann@example.com", message: "Call me" },
			{ email: "ann@example.com", message: "Not me" },
		]);
		expect(await counters()).toEqual(counted(2));
	});

	it("of the same words counts again a day later, at another site, and in a conversation", async () => {
		await leaves("ann@example.com");
		await run("UPDATE leads SET created_at = '2000-01-01T00:00:00.000Z'");
		await leaves("ann@example.com");
		await run("UPDATE leads SET site_id = 'site_pannu_dental', org_id = 'org_pannu_dental'");
		await leaves("ann@example.com");
		const talk = await converse({ visitor: "v-1" });
		await newClient().call(leave("ann@example.com")(talk, talk.key));
		expect(await rows("SELECT COUNT(*) AS n FROM leads")).toEqual([{ n: 4 }]);
	});

	it("is refused once its site had 500 on the day, without taking a place; in a conversation it is not", async () => {
		const talk = await converse({ visitor: "v-1" });
		await leaves("first@example.com");
		await run("UPDATE metrics_daily SET leads = 499");
		expect((await leaves("last@example.com")).status).toBe(204);
		const before = await everything();
		const refused = await leaves("late@example.com");
		const seconds = Number(refused.headers.get("Retry-After"));
		expect([seconds > 0, seconds <= 86_400]).toEqual([true, true]);
		await expectError(refused, 429, "rate_limited");
		expect(await everything()).toEqual(before);
		expect((await newClient().call(leave("ann@example.com")(talk, talk.key))).status).toBe(204);
	});

	it("names a session that is none, and is refused with it", async () => {
		for (const session_id of ["", 7, {}])
			await expectError(await leaves("ann@example.com", { session_id }), 422, "invalid_request", ["session_id"]);
		await expectError(await leaves("ann@example.com", { session_id: crypto.randomUUID() }), 404, "not_found");
		expect(await rows("SELECT id FROM leads")).toEqual([]);
	});

	it("needs consent as any other, and keeps to which", async () => {
		await run("UPDATE org_config SET consent = 'required' WHERE org_id = 'org_chadis'");
		const before = await everything();
		const refused = await leaves("ann@example.com");
		const { error }: { error: { code: string; consent_version: string } } = await refused.json();
		const { code, consent_version } = error;
		expect([refused.status, code]).toEqual([403, "consent_required"]);
		expect(await everything()).toEqual(before);
		const call = { ...leaveAlone("ann@example.com")(NOBODY, CHADIS_KEY), headers: { "X-Consent": consent_version } };
		for (let times = 0; times < 2; times++) expect((await newClient().call(call)).status).toBe(204);
		expect(await rows("SELECT email, consent_version FROM leads")).toEqual([
			{ email: "ann@example.com", consent_version },
		]);
		expect(await counters()).toEqual(counted(1));
	});
});
