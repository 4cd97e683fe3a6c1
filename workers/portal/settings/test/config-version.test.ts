import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { auditRows, configClient, forgetConfig } from "./config-client.ts";
import type { ConfigClient } from "./config-client.ts";
import { createPortal, NOW } from "../../test/portal.ts";
import { seedTwins } from "../../test/seed.ts";

let client: ConfigClient;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	client = configClient(await createPortal());
	await seedTwins(env.DB);
});

beforeEach(() => forgetConfig(env.DB));

describe("PATCH /portal/config with a precondition", () => {
	beforeEach(async () => {
		await client.patch({ greeting: "one" });
		await client.patch({ greeting: "two" });
	});

	const FAILED = {
		error: {
			code: "precondition_failed",
			message: "The configuration has changed since you read it; read it again and repeat your change.",
			request_id: expect.any(String),
		},
	};

	it.each(['W/"2"', '"2"', "*", ' W/"1" , W/"2" ', 'W/"2",W/"9"'])("writes when If-Match is %s", async (ifMatch) => {
		expect(await client.patch({ greeting: "three" }, { headers: { "If-Match": ifMatch } })).toMatchObject({
			status: 200,
			body: { version: 3 },
			etag: 'W/"3"',
		});
	});

	it.each(['W/"1"', '"3"', "2", 'w/"2"', 'W/"02"', 'W/"2', '""', "", "W/*"])(
		"writes nothing when If-Match is %j",
		async (ifMatch) => {
			const { status, body } = await client.patch({ greeting: "three" }, { headers: { "If-Match": ifMatch } });
			expect({ status, body }).toEqual({ status: 412, body: FAILED });
			expect((await client.read()).body).toMatchObject({ config: { greeting: "two" }, version: 2 });
		},
	);

	it("takes the version from the body as well, and both must fit", async () => {
		expect(await client.patch({ greeting: "three", version: 1 })).toMatchObject({ status: 412, body: FAILED });
		expect(await client.patch({ greeting: "three", version: 2 }, { headers: { "If-Match": 'W/"1"' } })).toMatchObject({
			status: 412,
		});
		expect(await client.patch({ greeting: "three", version: 1 }, { headers: { "If-Match": 'W/"2"' } })).toMatchObject({
			status: 412,
		});
		expect(await client.patch({ greeting: "three", version: 2 }, { headers: { "If-Match": 'W/"2"' } })).toMatchObject({
			status: 200,
			body: { version: 3 },
		});
		expect(await client.patch({ version: 2 })).toMatchObject({ status: 412 });
	});

	it("takes version 0 for a configuration that nobody has written yet", async () => {
		await env.DB.prepare("DELETE FROM org_config WHERE org_id = 'org_chadis'").run();
		expect(await client.patch({ greeting: "first" }, { headers: { "If-Match": 'W/"0"' } })).toMatchObject({
			status: 200,
			body: { version: 1 },
		});
		expect(await client.patch({ greeting: "second" }, { headers: { "If-Match": 'W/"0"' } })).toMatchObject({
			status: 412,
		});
	});

	it("lets one of several editors win who write at once from the same version", async () => {
		const editors = await Promise.all(
			Array.from({ length: 8 }, (_, n) =>
				client.patch({ greeting: `editor ${n}` }, { headers: { "If-Match": 'W/"2"' } }),
			),
		);
		expect(editors.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(412)]);
		expect((await client.read()).body).toMatchObject({ version: 3 });
		expect(await auditRows(env.DB)).toHaveLength(3);
	});

	it("writes nothing when somebody else wrote between its reading and its writing", async () => {
		let batches = 0;
		const DB = {
			prepare: (sql: string) => env.DB.prepare(sql),
			batch: async (statements: D1PreparedStatement[]) => {
				batches += 1;
				if (batches === 2)
					await env.DB.prepare(
						"UPDATE org_config SET greeting = 'theirs', version = 3 WHERE org_id = 'org_chadis'",
					).run();
				return env.DB.batch(statements);
			},
		};
		expect(await client.patch({ greeting: "mine" }, { headers: { "If-Match": 'W/"2"' }, env: { DB } })).toMatchObject({
			status: 412,
			body: FAILED,
		});
		expect((await client.read()).body).toMatchObject({ config: { greeting: "theirs" }, version: 3 });
		expect(await auditRows(env.DB)).toHaveLength(2);
	});

	it("takes the same change again when its first answer was lost, and counts it once", async () => {
		let batches = 0;
		const DB = {
			prepare: (sql: string) => env.DB.prepare(sql),
			batch: async (statements: D1PreparedStatement[]) => {
				const results = await env.DB.batch(statements);
				if (++batches === 2) throw new Error("D1_ERROR: Network connection lost.");
				return results;
			},
		};
		expect(await client.patch({ greeting: "three" }, { env: { DB } })).toMatchObject({
			status: 503,
			body: { error: { code: "unavailable" } },
		});
		expect(await client.patch({ greeting: "three" })).toMatchObject({
			status: 200,
			body: { config: { greeting: "three" }, version: 3 },
		});
		expect(await auditRows(env.DB)).toHaveLength(3);
	});

	// D1's read replicas are asked by sessions only, which the counting database of these tests knows nothing of.
	it("is read by the next request", async () => {
		const { body, etag } = await client.patch({ greeting: "three" });
		expect(await client.read()).toEqual({ status: 200, body, etag, roundTrips: 1 });
	});

	it("lets writers without a version both last where they name other fields", async () => {
		await Promise.all([client.patch({ locale: "fr" }), client.patch({ timezone: "Europe/Paris" })]);
		expect((await client.read()).body).toMatchObject({
			config: { locale: "fr", timezone: "Europe/Paris", greeting: "two" },
			version: 4,
		});
	});
});
