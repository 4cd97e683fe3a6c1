import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { auditRows } from "../../settings/test/config-client.ts";
import { checksum } from "../../test/checksum.ts";
import { engineClient, resetEngines } from "./engine-client.ts";
import type { EngineClient } from "./engine-client.ts";
import { createPortal, NOW, refusal } from "../../test/portal.ts";
import { seedTwins } from "../../test/seed.ts";

let client: EngineClient;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	client = engineClient(await createPortal());
	await seedTwins(env.DB);
});

beforeEach(() => resetEngines(env.DB));

const NOT_FOUND = {
	status: 404,
	body: refusal("not_found", "There is nothing at this path; check its spelling, and the id in it."),
	etag: null,
};
const ARCHIVED = refusal(
	"conflict",
	"This engine is archived and cannot be changed; please contact support to bring it back.",
);
const CHANGED = refusal(
	"precondition_failed",
	"The engine has changed since you read it; read it again and repeat your change.",
);

/** A database in which something happens just before the second batch, between an editor's reading and writing. */
function meanwhile(sql: string): { DB: unknown } {
	let batches = 0;
	const batch = async (statements: D1PreparedStatement[]) => {
		batches += 1;
		if (batches === 2) await env.DB.prepare(sql).run();
		return env.DB.batch(statements);
	};
	return { DB: { prepare: (text: string) => env.DB.prepare(text), batch } };
}

describe("PATCH /portal/engines/{id} with a precondition", () => {
	it.each(['W/"2"', '"2"', "*", 'W/"1", W/"2"'])("writes when If-Match is %s", async (ifMatch) => {
		expect(await client.patch({ name: "Bot" }, { headers: { "If-Match": ifMatch } })).toMatchObject({
			status: 200,
			etag: 'W/"3"',
		});
	});

	it.each(['W/"1"', '"3"', "2", 'W/"02"', '""', ""])("writes nothing when If-Match is %j", async (ifMatch) => {
		const before = await checksum(env.DB);
		const headers = { "If-Match": ifMatch };
		expect(await client.patch({ name: "Bot" }, { headers })).toEqual({
			status: 412,
			body: CHANGED,
			etag: null,
			roundTrips: 1,
		});
		expect(await client.patch({}, { headers })).toMatchObject({ status: 412, body: CHANGED });
		expect(await checksum(env.DB)).toBe(before);
	});

	it("takes the version from the body as well, and both must fit", async () => {
		expect(await client.patch({ name: "Bot", version: 1 })).toMatchObject({ status: 412, body: CHANGED });
		expect(await client.patch({ name: "Bot", version: 2 }, { headers: { "If-Match": 'W/"1"' } })).toMatchObject({
			status: 412,
		});
		expect(await client.patch({ name: "Bot", version: 2 }, { headers: { "If-Match": 'W/"2"' } })).toMatchObject({
			status: 200,
		});
	});

	it("lets one of several editors win who write at once from the same version", async () => {
		const editors = await Promise.all(
			Array.from({ length: 8 }, (_, n) => client.patch({ name: `Bot ${n}` }, { headers: { "If-Match": 'W/"2"' } })),
		);
		expect(editors.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(412)]);
		expect(await client.patch({})).toMatchObject({ body: { engine: { version: 3 } } });
		expect(await auditRows(env.DB)).toHaveLength(1);
	});

	it("writes nothing when somebody else wrote between its reading and its writing", async () => {
		const bindings = meanwhile("UPDATE portal_sites SET name = 'theirs' WHERE id = 'site_chadis'");
		const answer = await client.patch({ name: "mine" }, { headers: { "If-Match": 'W/"2"' }, env: bindings });
		expect(answer).toMatchObject({ status: 412, body: CHANGED });
		expect(await client.patch({})).toMatchObject({ body: { engine: { name: "theirs", version: 3 } } });
		expect(await auditRows(env.DB)).toEqual([]);
	});

	it("writes nothing to an engine that was archived, or went, between its reading and its writing", async () => {
		const archived = meanwhile("UPDATE portal_sites SET status = 'archived' WHERE id = 'site_alpha_voice'");
		expect(await client.patch({ status: "active" }, { env: archived }, "site_alpha_voice")).toMatchObject({
			status: 409,
			body: ARCHIVED,
		});
		const gone = meanwhile("DELETE FROM portal_sites WHERE id = 'site_alpha_voice'");
		await env.DB.prepare("UPDATE portal_sites SET status = 'paused' WHERE id = 'site_alpha_voice'").run();
		expect(await client.patch({ status: "active" }, { env: gone }, "site_alpha_voice")).toMatchObject(NOT_FOUND);
		expect(await auditRows(env.DB)).toEqual([]);
	});

	it("lets writers without a version both last where they name other fields", async () => {
		await Promise.all([client.patch({ greeting: "Hi" }), client.patch({ brand_color: "#000000" })]);
		expect(await client.patch({})).toMatchObject({
			body: { engine: { greeting: "Hi", brand_color: "#000000", name: "First alpha", version: 4 } },
		});
	});
});
