import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { FieldError } from "../../../lib/http/errors.ts";
import { encodeCursor } from "../../request/cursor.ts";
import { createPortal, FORBIDDEN, NOW, refusal, withoutRequestId } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, PANNU, STAFF, admin, member, seedTwins } from "../../test/seed.ts";

let portal: Portal;

interface Page {
	entries: { id: number; action: string }[];
	next_cursor: string | null;
}

async function page(query = "", as = admin(CHADIS)): Promise<Page> {
	const { status, text } = await portal.call(`/portal/audit${query}`, { as });
	expect(status).toBe(200);
	return JSON.parse(text);
}

/** 120 entries of CHADIS, each between two of the twin. */
async function seedAudit(): Promise<void> {
	const insert = env.DB.prepare(`
		INSERT INTO audit_log (org_id, at, user_id, acting_as, action, target, fields) VALUES (?1, ?2, ?3, 'admin', ?4, NULL, '[]')
	`);
	const of = (id: string, mark: string, n: number) =>
		insert.bind(id, `2026-08-01T00:00:00.${String(n).padStart(3, "0")}Z`, `user_${mark}`, `${mark}.${n}`);
	await env.DB.batch(
		Array.from({ length: 120 }, (_, n) => [of(PANNU.id, PANNU.mark, n), of(CHADIS.id, CHADIS.mark, n)]).flat(),
	);
}

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
	await seedAudit();
});

describe("GET /portal/audit", () => {
	it("shows who did what and when, the newest first, in one round trip", async () => {
		await portal.call("/portal/config", { as: admin(CHADIS), method: "PATCH", body: { greeting: "Hi", locale: "fr" } });
		await portal.call("/portal/engines/site_chadis?orgId=org_chadis", {
			as: STAFF,
			method: "PATCH",
			body: { name: "Bot" },
		});
		await portal.call("/portal/engines/site_chadis/rotate-key", { as: admin(CHADIS), method: "POST" });
		const { status, body, roundTrips } = await portal.call("/portal/audit?limit=3", { as: admin(CHADIS) });
		expect({ status, roundTrips }).toEqual({ status: 200, roundTrips: 1 });
		const at = "2026-08-20T12:00:00.000Z";
		const ofWrite = { kind: "write", impersonator_id: null, reads: null };
		const common = { id: expect.any(Number), at, last_at: at, ...ofWrite };
		const byAdmin = { ...common, user_id: "user_alphaAdmin", acting_as: "admin" };
		const entries = [
			{ ...byAdmin, action: "engine.rotate_key", target: "site_chadis", fields: ["site_key"] },
			{
				...common,
				user_id: "user_staff",
				acting_as: "staff",
				action: "engine.update",
				target: "site_chadis",
				fields: ["name"],
			},
			{ ...byAdmin, action: "config.update", target: "org_chadis", fields: ["greeting", "locale"] },
		];
		expect(body).toEqual({ entries, next_cursor: expect.stringMatching(/^[\w-]+$/) });
	});

	it("gives every entry of the org once, a page at a time, though new ones come meanwhile", async () => {
		const actions: string[] = [];
		let query = "";
		for (let pages = 0; pages < 9 && query !== "end"; pages++) {
			const { entries, next_cursor: cursor } = await page(query === "" ? "?limit=50" : query);
			actions.push(...entries.map(({ action }) => action));
			query = cursor === null ? "end" : `?limit=50&cursor=${cursor}`;
			await env.DB.prepare(
				"INSERT INTO audit_log (org_id, user_id, acting_as, action) VALUES ('org_chadis', 'u', 'admin', 'later')",
			).run();
		}
		expect(actions.filter((action) => action.startsWith("alpha."))).toEqual(
			Array.from({ length: 120 }, (_, n) => `alpha.${119 - n}`),
		);
		expect(actions.filter((action) => /later|omega/.test(action))).toEqual([]);
		await env.DB.prepare("DELETE FROM audit_log WHERE action = 'later'").run();
	});

	it("shows fifty unless told, a hundred at most, and no cursor on the last page", async () => {
		expect((await page()).entries).toHaveLength(50);
		expect((await page("?limit=100")).entries).toHaveLength(100);
		const rest = await page("?limit=100", admin(PANNU));
		expect(await page(`?limit=20&cursor=${rest.next_cursor}`, admin(PANNU))).toMatchObject({
			entries: { length: 20 },
			next_cursor: null,
		});
		expect(await page(`?cursor=${encodeCursor(["2026-07-31", "1"])}`)).toEqual({ entries: [], next_cursor: null });
	});

	it("is shown to staff of any org, and to an admin in whose name staff look in", async () => {
		expect((await page("?orgId=org_pannu_dental&limit=1", STAFF)).entries).toMatchObject([{ action: "omega.119" }]);
		expect((await page("?limit=2", { ...admin(PANNU), impersonated: true })).entries).toMatchObject([
			{ action: "audit.list", acting_as: "staff", user_id: "user_staff", kind: "read", reads: 1 },
			{ action: "omega.119", acting_as: "admin", kind: "write", reads: null },
		]);
	});

	it("is not shown to a member", async () => {
		const answer = await portal.call("/portal/audit?limit=0", { as: member(CHADIS) });
		expect(answer).toMatchObject({ status: 403, roundTrips: 0 });
		expect(withoutRequestId(answer)).toEqual(FORBIDDEN.notAdmin);
	});

	it("shows nothing of the twin's by a cursor of the twin's", async () => {
		const { next_cursor: cursor } = await page("?limit=1", admin(PANNU));
		const { entries } = await page(`?limit=100&cursor=${cursor}`);
		expect(entries).toHaveLength(100);
		expect(entries.filter(({ action }) => action.startsWith("omega"))).toEqual([]);
	});

	const LIMIT = { field: "limit", message: "must be 1 to 100" };
	const CURSOR = { field: "cursor", message: "must be the next_cursor of a page" };
	const ONCE = { field: "cursor", message: "must be given once, with 1 to 100 characters" };

	it.each<[string, FieldError]>([
		["limit=0", LIMIT],
		["limit=101", LIMIT],
		["limit=1e2", LIMIT],
		["limit=-1", LIMIT],
		["limit=50&limit=50", { field: "limit", message: "must be given once, with 1 to 100 characters" }],
		["cursor=", ONCE],
		[`cursor=${"x".repeat(101)}`, ONCE],
		["cursor=5", CURSOR],
		["cursor=%27%20OR%201", CURSOR],
		...["0", "-1", "1.5", "1e5", "9".repeat(16), " 1", "1 OR 1=1"].map((id): [string, FieldError] => [
			`cursor=${encodeCursor(["2026-08-01T00:00:00.000Z", id])}`,
			CURSOR,
		]),
		...[["1"], ["2026", "1", "2"], ["", "1"]].map((values): [string, FieldError] => [
			`cursor=${encodeCursor(values)}`,
			CURSOR,
		]),
		["kind=writes", { field: "kind", message: "must be one of write, read" }],
		["action=", { field: "action", message: "must be given once, with 1 to 64 characters" }],
		[`user_id=${"u".repeat(129)}`, { field: "user_id", message: "must be given once, with 1 to 128 characters" }],
		["from=2026-08-22", { field: "from", message: "must not be after 2026-08-21, tomorrow in UTC" }],
		["to=august", { field: "to", message: "must be a day as YYYY-MM-DD, from 2000-01-01" }],
		[`cursor=${btoa("[1]").replaceAll("=", "")}`, CURSOR],
	])("refuses ?%s", async (query, field) => {
		const answer = await portal.call(`/portal/audit?${query}`, { as: admin(CHADIS) });
		expect(answer).toMatchObject({ status: 422, roundTrips: 0 });
		expect(withoutRequestId(answer)).toEqual(refusal("invalid_request", `Please correct: ${field.field}.`, [field]));
	});
});
