import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { siteStatement } from "../../../lib/site/site.ts";
import { auditRows } from "../../settings/test/config-client.ts";
import { checksum } from "../../test/checksum.ts";
import { ENGINE, engineClient, resetEngines } from "./engine-client.ts";
import type { EngineAnswer, EngineClient } from "./engine-client.ts";
import { createPortal, NOW, refusal } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, STAFF, admin, seedTwins } from "../../test/seed.ts";

let portal: Portal;
let client: EngineClient;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	client = engineClient(portal);
	await seedTwins(env.DB);
});

beforeEach(() => resetEngines(env.DB));

const OLD_KEY = "sk_chadis_live_abc123";
const NEW_KEY = /^sk_chadis_live_[A-Za-z0-9]{24}$/;

/** The key in an answer. */
function keyOf({ body }: EngineAnswer): string {
	return /"site_key":"([^"]*)"/.exec(JSON.stringify(body))?.[1] ?? "";
}

/** The site that a key opens at an instant, as the chat worker looks it up. */
async function siteOf(key: string, at: string): Promise<unknown> {
	const row = await siteStatement(env.DB, { siteKey: key, now: at }).first();
	return row?.["id"] ?? null;
}

describe("POST /portal/engines/{id}/rotate-key", () => {
	it("gives a new key of the same name and environment, and the old one a day", async () => {
		const answer = await client.rotate();
		const engine = { ...ENGINE, site_key: expect.stringMatching(NEW_KEY), version: 3 };
		const body = { engine, previous_key_expires_at: "2026-08-21T12:00:00.000Z" };
		expect(answer).toEqual({ status: 200, body, etag: 'W/"3"', roundTrips: 2 });
		expect(await client.patch({})).toMatchObject({
			body: { engine: { ...ENGINE, site_key: keyOf(answer), version: 3 } },
		});
	});

	it("needs no body", async () => {
		for (const body of [undefined, "", {}]) {
			const answer = await portal.call("/portal/engines/site_chadis/rotate-key", {
				method: "POST",
				as: admin(CHADIS),
				body,
			});
			expect(answer).toMatchObject({ status: 200, body: { previous_key_expires_at: "2026-08-21T12:00:00.000Z" } });
		}
	});

	it("opens the site to both keys until the grace ends, and then to the new one", async () => {
		const key = keyOf(await client.rotate({ grace_hours: 72 }));
		for (const at of ["2026-08-20T12:00:00.000Z", "2026-08-23T11:59:59.999Z"]) {
			expect([await siteOf(key, at), await siteOf(OLD_KEY, at)]).toEqual(["site_chadis", "site_chadis"]);
		}
		for (const at of ["2026-08-23T12:00:00.000Z", "2027-01-01T00:00:00.000Z"]) {
			expect([await siteOf(key, at), await siteOf(OLD_KEY, at)]).toEqual(["site_chadis", null]);
		}
	});

	it("ends the old key at once without a grace, and keeps it from ever naming another site", async () => {
		const answer = await client.rotate({ grace_hours: 0 });
		expect(answer.body).toMatchObject({ previous_key_expires_at: "2026-08-20T12:00:00.000Z" });
		expect(await siteOf(OLD_KEY, "2026-08-20T12:00:00.000Z")).toBe(null);
		expect(await siteOf(keyOf(answer), "2026-08-20T12:00:00.000Z")).toBe("site_chadis");
		const another = env.DB.prepare(
			"INSERT INTO portal_sites (id, org_id, site_key, name) VALUES ('site_x', 'org_pannu_dental', ?1, 'X')",
		).bind(OLD_KEY);
		await expect(another.run()).rejects.toThrow("is or was the key of another site");
	});

	it("ends what was left of a first old key when it rotates again", async () => {
		const second = keyOf(await client.rotate());
		const third = keyOf(await client.rotate({ grace_hours: 1 }));
		const at = "2026-08-20T12:00:00.000Z";
		expect(await Promise.all([OLD_KEY, second, third].map((key) => siteOf(key, at)))).toEqual([
			null,
			"site_chadis",
			"site_chadis",
		]);
		expect(second).not.toBe(third);
	});

	it.each([
		["sk_a_live_b_test_abc", /^sk_a_live_b_test_[A-Za-z0-9]{24}$/],
		["sk_x-9__dev_abc", /^sk_x-9__dev_[A-Za-z0-9]{24}$/],
		[`sk_${"n".repeat(188)}_live_abc`, new RegExp(`^sk_${"n".repeat(160)}_live_[A-Za-z0-9]{24}$`)],
	])("keeps name and environment of %s", async (key, successor) => {
		await env.DB.prepare("UPDATE portal_sites SET site_key = ?1 WHERE id = 'site_chadis'").bind(key).run();
		expect(keyOf(await client.rotate())).toMatch(successor);
	});

	it("makes every letter and digit as likely as any other", async () => {
		const real = crypto.getRandomValues.bind(crypto);
		// 248 to 255 would make the first eight letters likelier; 0, 61, 62, 247 are the ends of the alphabet's first and last run.
		const draws = [
			[248, 249, 250, 251, 252, 253, 254, 255],
			[0, 61, 62, 247, 255, 1, 2, 3],
		];
		const spy = vi.spyOn(crypto, "getRandomValues").mockImplementation((array) => {
			const draw = array instanceof Uint8Array ? draws.shift() : undefined;
			if (draw === undefined || !(array instanceof Uint8Array)) return real(array);
			array.set(Array.from(array, (_, index) => draw[index % draw.length] ?? 0));
			return array;
		});
		const key = keyOf(await client.rotate());
		spy.mockRestore();
		expect(draws).toEqual([]);
		expect(key).toMatch(/^sk_chadis_live_(?:A9A9BCD){3}[A-Za-z0-9]{3}$/);
	});

	it("records that the key was rotated, and by whom, without the key", async () => {
		await client.rotate();
		await client.rotate({}, { as: STAFF }, "site_chadis?orgId=org_chadis");
		const common = {
			org_id: "org_chadis",
			at: "2026-08-20T12:00:00.000Z",
			action: "engine.rotate_key",
			target: "site_chadis",
			fields: '["site_key"]',
		};
		expect(await auditRows(env.DB)).toEqual([
			{ ...common, user_id: "user_alphaAdmin", acting_as: "admin" },
			{ ...common, user_id: "user_staff", acting_as: "staff" },
		]);
	});

	it("lets one of several win who rotate at once", async () => {
		const answers = await Promise.all(Array.from({ length: 6 }, () => client.rotate()));
		const won = answers.filter(({ status }) => status === 200);
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
		const taken = refusal(
			"conflict",
			"The key has been changed by somebody else at this moment; look at the engine again.",
		);
		expect(answers.find(({ status }) => status === 409)?.body).toEqual(taken);
		expect(await client.patch({})).toMatchObject({ body: { engine: { site_key: won.map(keyOf)[0], version: 3 } } });
		expect(await siteOf(OLD_KEY, "2026-08-20T12:00:00.000Z")).toBe("site_chadis");
		expect(await auditRows(env.DB)).toHaveLength(1);
	});

	it("does not rotate twice for one version, so that a double click costs no customer his old key", async () => {
		const headers = { "If-Match": 'W/"2"' };
		const clicks = [await client.rotate({}, { headers }), await client.rotate({}, { headers })];
		expect(clicks.map(({ status }) => status)).toEqual([200, 412]);
		expect(await siteOf(OLD_KEY, "2026-08-20T12:00:00.000Z")).toBe("site_chadis");
	});

	it("rotates beside a change of settings, and takes nothing of it back", async () => {
		const [rotated, patched] = await Promise.all([client.rotate(), client.patch({ name: "Renamed" })]);
		expect([rotated.status, patched.status]).toEqual([200, 200]);
		expect(await client.patch({})).toMatchObject({
			body: { engine: { name: "Renamed", site_key: keyOf(rotated), version: 4 } },
		});
	});

	it("leaves no trace when the database fails in the middle", async () => {
		const before = await checksum(env.DB);
		let batches = 0;
		const batch = (statements: D1PreparedStatement[]) => {
			batches += 1;
			return env.DB.batch(batches === 1 ? statements : [...statements, env.DB.prepare("SELECT * FROM no_such_table")]);
		};
		const DB = { prepare: (sql: string) => env.DB.prepare(sql), batch };
		expect(await client.rotate({}, { env: { DB } })).toMatchObject({
			status: 503,
			body: { error: { code: "unavailable" } },
		});
		expect(await checksum(env.DB)).toBe(before);
	});
});
