import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { checksum } from "../../test/checksum.ts";
import { auditRows } from "../../settings/test/config-client.ts";
import { ARTICLE, PATH, counters, find, knowledgeClient } from "./knowledge-client.ts";
import type { KnowledgeClient } from "./knowledge-client.ts";
import { createPortal, NOW, refusal } from "../../test/portal.ts";
import { seedTwins } from "../../test/seed.ts";

let client: KnowledgeClient;

beforeEach(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	client = knowledgeClient(await createPortal());
	await seedTwins(env.DB);
});

const CHANGED = refusal(
	"precondition_failed",
	"The entry has changed since you read it; read it again and repeat your change.",
);
const NOT_FOUND = refusal("not_found", "There is nothing at this path; check its spelling, and the id in it.");

/** A database in which something happens just before the second batch, between an editor's reading and writing. */
function meanwhile(...sql: string[]): { DB: unknown } {
	let batches = 0;
	const batch = async (statements: D1PreparedStatement[]) => {
		batches += 1;
		if (batches === 2) for (const text of sql) await env.DB.prepare(text).run();
		return env.DB.batch(statements);
	};
	return { DB: { prepare: (text: string) => env.DB.prepare(text), batch } };
}

describe("a write of knowledge with a precondition", () => {
	it.each(['W/"2"', '"2"', "*", 'W/"1", W/"2"'])("is done when If-Match is %s", async (ifMatch) => {
		const headers = { "If-Match": ifMatch };
		expect(await client.put(PATH, ARTICLE, { headers })).toMatchObject({ status: 200, etag: 'W/"3"' });
		expect(await client.delete("/portal/knowledge/kn-alpha-b", { headers })).toMatchObject({ status: 204 });
	});

	it.each(['W/"1"', '"3"', "2", 'W/"02"', '""', ""])("is not done when If-Match is %j", async (ifMatch) => {
		const before = await checksum(env.DB);
		const headers = { "If-Match": ifMatch };
		expect(await client.put(PATH, ARTICLE, { headers })).toEqual({
			status: 412,
			body: CHANGED,
			etag: null,
			roundTrips: 1,
		});
		expect(await client.delete(PATH, { headers })).toEqual({ status: 412, body: CHANGED, etag: null, roundTrips: 1 });
		expect(await checksum(env.DB)).toBe(before);
	});

	it("is done for one of several editors who write at once, whose text and passages agree", async () => {
		const headers = { "If-Match": 'W/"2"' };
		const editors = await Promise.all(
			Array.from({ length: 8 }, (_, n) => client.put(PATH, { ...ARTICLE, title: `Zebra${n}` }, { headers })),
		);
		expect(editors.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(412)]);
		const winner = editors.findIndex(({ status }) => status === 200);
		expect(await find("zebra0 zebra1 zebra2 zebra3 zebra4 zebra5 zebra6 zebra7")).toEqual([`Zebra${winner}`]);
		expect(await auditRows(env.DB)).toHaveLength(1);
		expect(await counters()).toMatchObject({ passages: 2 });
	});

	it("is not done when somebody else wrote meanwhile, whose text stays and is found", async () => {
		const env_ = meanwhile("UPDATE knowledge SET title = 'Theirs', version = 3 WHERE id = 'kn-alpha-a'");
		const headers = { "If-Match": 'W/"2"' };
		const before = await find("parking");
		expect(await client.put(PATH, ARTICLE, { headers, env: env_ })).toMatchObject({ status: 412, body: CHANGED });
		expect(
			await client.delete(PATH, {
				headers: { "If-Match": 'W/"3"' },
				env: meanwhile("UPDATE knowledge SET version = 4 WHERE id = 'kn-alpha-a'"),
			}),
		).toMatchObject({
			status: 412,
			body: CHANGED,
		});
		expect(await client.get(PATH)).toMatchObject({ body: { entry: { title: "Theirs", version: 4 } } });
		expect(await find("refund")).toEqual([]);
		expect(before).toEqual(["Parking alpha"]);
		expect(await find("parking")).toEqual(["Theirs"]);
		expect(await auditRows(env.DB)).toEqual([]);
	});

	it("finds nothing when the entry went meanwhile", async () => {
		const gone = "DELETE FROM knowledge WHERE id = 'kn-alpha-a'";
		expect(await client.put(PATH, ARTICLE, { env: meanwhile(gone) })).toMatchObject({ status: 404, body: NOT_FOUND });
		await seedTwins(env.DB);
		expect(await client.delete(PATH, { env: meanwhile(gone) })).toMatchObject({ status: 404, body: NOT_FOUND });
		expect(await auditRows(env.DB)).toEqual([]);
	});

	it("lets the last of several editors without a version win, whose text and passages agree", async () => {
		const editors = await Promise.all(
			Array.from({ length: 8 }, (_, n) => client.put(PATH, { ...ARTICLE, title: `Zebra${n}` })),
		);
		expect(editors.map(({ status }) => status)).toEqual(Array(8).fill(200));
		const { body } = await client.get(PATH);
		const [found, ...others] = await find("zebra0 zebra1 zebra2 zebra3 zebra4 zebra5 zebra6 zebra7");
		expect(body).toMatchObject({ entry: { title: found, version: 10 } });
		expect(others).toEqual([]);
		expect(await counters()).toMatchObject({ passages: 2 });
	});

	it("leaves nothing behind when the database fails on the way", async () => {
		const before = await checksum(env.DB);
		const DB = {
			prepare: (sql: string) =>
				env.DB.prepare(
					sql.includes("INSERT INTO knowledge_terms") ? sql.replace("knowledge_terms", "no_such_table") : sql,
				),
			batch: (statements: D1PreparedStatement[]) => env.DB.batch(statements),
		};
		for (const answer of [
			await client.post(ARTICLE, { env: { DB } }),
			await client.put(PATH, ARTICLE, { env: { DB } }),
		]) {
			expect(answer).toMatchObject({ status: 503, body: { error: { code: "unavailable" } } });
		}
		expect(await checksum(env.DB)).toBe(before);
	});
});
