import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../../workers/lib/test/database.ts";
import { isSiteKey } from "../../../workers/lib/site/site-key.ts";
import { apply, db, refusal, rows } from "./database.ts";

const GOOD = [
	["sk_chadis_live_abc124", "live"],
	["sk_newclient_live_xxx", "live"],
	["sk_a_test_000", "test"],
	["sk_a_dev_ZZZ", "dev"],
	["sk_my-client_2_live_AbC123", "live"],
	["sk___live_abc", "live"],
	["sk_-_live_abc", "live"],
	["sk_live_live_abc", "live"],
	["sk_a_live_b_test_abc", "test"],
	["sk_a_test_live_dev_abc", "dev"],
	["sk_live_live_live_abc", "live"],
	[`sk_a_live_${"x".repeat(64)}`, "live"],
	[`sk_${"n".repeat(128)}_dev_${"x".repeat(64)}`, "dev"],
] as const;

const BAD = [
	"",
	"sk_",
	"sk_live_abc",
	"sk__live_abc",
	"sk_a_live_",
	"sk_a_live_ab",
	`sk_a_live_${"x".repeat(65)}`,
	`sk_${"n".repeat(129)}_dev_${"x".repeat(64)}`,
	"sk_a_live_abc-",
	"sk_a_live_abc_",
	"sk_a_live_abc_def",
	"sk_a_live_abc-def",
	"sk_A_live_abc",
	"SK_a_live_abc",
	"sk_a_LIVE_abc",
	"sk_a_prod_abc",
	"sk_a_live-abc",
	"sk_a-live_abc",
	"sk_alive_abc",
	"pk_a_live_abc",
	"sk_a b_live_abc",
	"sk_a.b_live_abc",
	"sk_ä_live_abc",
	"sk_a_live_äbc",
	"sk_a_live_abc ",
	" sk_a_live_abc",
	"sk_a_live_abc\n",
	"sk_a_live_ab\u0000c",
	"sk_a\u0000_live_abc",
	"sk_a_live_abc\u0000",
	"sk_a_live_abc%",
	"sk_a_live_'; DROP TABLE orgs; --",
];

function insert(key: unknown): Promise<string | undefined> {
	return refusal(
		"INSERT INTO portal_sites (id, org_id, site_key, name) VALUES ('site_new', 'org_chadis', ?1, 'Bot')",
		key,
	);
}

beforeAll(() => resetDatabase(db));

describe("the column and the workers agree on a site key:", () => {
	beforeEach(() => apply("DELETE FROM portal_sites WHERE id = 'site_new'"));

	it.each(GOOD)("%s is one, of %s", async (key, environment) => {
		expect(isSiteKey(key)).toBe(true);
		expect(await insert(key)).toBeUndefined();
		expect(await rows("SELECT environment FROM portal_sites WHERE id = 'site_new'")).toEqual([{ environment }]);
	});

	it.each(BAD)("%j is none", async (key) => {
		expect(isSiteKey(key)).toBe(false);
		expect(await insert(key)).toContain("portal_sites.site_key must look like sk_name_live_abc123");
	});

	it("bytes are none", async () => {
		expect(await insert(new TextEncoder().encode("sk_a_live_abc").buffer)).toContain(
			"portal_sites.site_key must look like",
		);
	});
});

describe("a key that once worked", () => {
	beforeEach(async () => {
		await resetDatabase(db);
		await apply(
			"UPDATE portal_sites SET previous_key = site_key, site_key = 'sk_chadis_live_second' WHERE id = 'site_chadis'",
		);
	});

	it("becomes no key of another site", async () => {
		const message = "portal_sites.site_key or portal_sites.previous_key is or was the key of another site";
		expect(await insert("sk_chadis_live_abc123")).toContain(message);
		expect(
			await refusal("UPDATE portal_sites SET site_key = 'sk_chadis_live_abc123' WHERE id = 'site_pannu_dental'"),
		).toContain(message);
		expect(
			await refusal("UPDATE portal_sites SET previous_key = 'sk_chadis_live_second' WHERE id = 'site_pannu_dental'"),
		).toContain(message);
	});

	it("may come back to its own site", async () => {
		expect(
			await refusal(
				"UPDATE portal_sites SET site_key = previous_key, previous_key = site_key WHERE id = 'site_chadis'",
			),
		).toBeUndefined();
	});
});
