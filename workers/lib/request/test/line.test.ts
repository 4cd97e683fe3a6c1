import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { batch, repeatableBatch } from "../../d1/batch.ts";
import { ApiError } from "../../http/errors.ts";
import { json } from "../../http/json.ts";
import { serve } from "../../http/serve.ts";
import type { RequestContext, ServeRules } from "../../http/serve.ts";
import { log } from "../../log.ts";
import { fetchVendor, openDeadline } from "../../vendor/call.ts";
import { resetDatabase } from "../../test/database.ts";
import { noteOutcome, noteTenant } from "../facts.ts";
import { routeNamer } from "../line.ts";

const PATHS = { "/": {}, "/sessions/{id}": {}, "/widget/{name}.{digest}.js": {} };
const RULES: ServeRules = {
	worker: "koby-test",
	routeOf: routeNamer(() => PATHS),
	cors: { methods: "GET, POST", headers: "", expose: "Server-Timing" },
	reader: () => null,
};

afterEach(() => void vi.restoreAllMocks());

/** Serves a request by a route, waits for all that goes on behind it, and gives the response with the lines it left. */
async function lines(
	route: (context: RequestContext) => Promise<Response>,
	path = "/",
	method = "GET",
): Promise<{ response: Response; written: Record<string, unknown>[] }> {
	const written: Record<string, unknown>[] = [];
	for (const level of ["log", "warn", "error"] as const)
		vi.spyOn(console, level).mockImplementation((line: string) => void written.push(JSON.parse(line)));
	const works: Promise<unknown>[] = [];
	const ctx = { waitUntil: (work: Promise<unknown>) => void works.push(work) };
	const response = await serve(new Request(`https://test.example${path}`, { method }), RULES, ctx, "v1", route);
	for (let done = 0; done < works.length; done++) await works[done];
	return { response, written };
}

const SELECT = (): D1PreparedStatement => env.DB.prepare("SELECT 1 AS one");

describe("the line of a request", () => {
	it("tells what came, what it came to, and what it asked of the database", async () => {
		const { response, written } = await lines(async () => {
			await batch(env.DB, [SELECT()]);
			await repeatableBatch(env.DB, [SELECT(), SELECT()]);
			noteTenant("org_a", "site_a");
			noteOutcome("stop");
			return json({});
		});
		expect(written).toEqual([
			{
				level: "info",
				event: "request",
				request_id: response.headers.get("X-Request-Id"),
				worker: "koby-test",
				route: "GET /",
				status: 200,
				outcome: "stop",
				ms: expect.any(Number),
				total_ms: expect.any(Number),
				d1_trips: 2,
				d1_ms: expect.any(Number),
				d1_rows_read: expect.any(Number),
				d1_rows_written: expect.any(Number),
				vendor_calls: 0,
				vendor_ms: 0,
				org_id: "org_a",
				site_id: "site_a",
				version: "v1",
			},
		]);
	});

	it("counts the rows that were read and written", async () => {
		const { written } = await lines(async () => {
			await resetDatabase(env.DB);
			const first = env.DB.prepare("UPDATE orgs SET name = name WHERE id = 'org_chadis'");
			await batch(env.DB, [first, env.DB.prepare("SELECT name FROM orgs WHERE id = 'org_chadis'")]);
			return json({});
		});
		expect(written).toMatchObject([{ d1_trips: 1 }]);
		expect(Number(written[0]?.["d1_rows_read"])).toBeGreaterThan(0);
		expect(Number(written[0]?.["d1_rows_written"])).toBeGreaterThan(0);
	});

	it("is written once what goes on behind the response has ended, and tells of that too", async () => {
		let end = (): void => undefined;
		const later = new Promise<void>((resolve) => {
			end = resolve;
		});
		const { written } = await lines(async ({ waitUntil }) => {
			waitUntil(later.then(() => batch(env.DB, [SELECT()])).then(() => noteOutcome("length")));
			setTimeout(end, 20);
			return json({});
		});
		expect(written).toMatchObject([{ event: "request", d1_trips: 1, outcome: "length" }]);
	});

	it("of a refusal has its code and its reason, and whose it was", async () => {
		const { response, written } = await lines(async () => {
			noteTenant("org_a", "site_a");
			throw new ApiError("site_inactive", "This site is not active.", { reason: "paused" });
		});
		expect(written).toMatchObject([
			{ level: "info", event: "request", status: 403, outcome: "site_inactive", reason: "paused", org_id: "org_a" },
		]);
		expect(response.headers.get("Server-Timing")).toBeNull();
	});

	it("of a fault of ours is an error", async () => {
		const { written } = await lines(() => Promise.reject(new RangeError("secret words")));
		expect(written).toMatchObject([{ level: "error", status: 500, outcome: "internal", reason: "RangeError" }]);
		expect(JSON.stringify(written)).not.toContain("secret words");
	});

	it.each([
		["/sessions/7f3c", "GET /sessions/{id}"],
		["/widget/panel.ABCDEFGH.js", "GET /widget/{name}.{digest}.js"],
		["/ann@example.com", "GET other"],
		["/sessions/7f3c/ann", "GET other"],
	])("names %s by its described path alone", async (path, route) => {
		const { written } = await lines(() => Promise.resolve(json({})), path);
		expect(written).toMatchObject([{ route }]);
		expect(JSON.stringify(written)).not.toMatch(/7f3c|ann|ABCDEFGH/);
	});

	it("is not written for a preflight", async () => {
		expect((await lines(() => Promise.resolve(json({})), "/", "OPTIONS")).written).toEqual([]);
	});

	it("names request and customer in every other line of the request", async () => {
		const { response, written } = await lines(async ({ waitUntil }) => {
			log("warn", "early");
			noteTenant("org_b", "site_b");
			waitUntil(Promise.resolve().then(() => log("warn", "late", { org_id: "org_c" })));
			return json({});
		});
		const request_id = response.headers.get("X-Request-Id");
		expect(written).toMatchObject([
			{ event: "early", request_id },
			{ event: "late", request_id, org_id: "org_c", site_id: "site_b" },
			{ event: "request", request_id },
		]);
		expect(written[0]).not.toHaveProperty("org_id");
	});

	it("keeps requests that are served at once apart", async () => {
		const slow = (org: string, ms: number) => async (): Promise<Response> => {
			noteTenant(org);
			await new Promise((resolve) => setTimeout(resolve, ms));
			await batch(env.DB, [SELECT()]);
			return json({});
		};
		const [one, two] = await Promise.all([lines(slow("org_1", 30)), lines(slow("org_2", 5))]);
		const all = [...one.written, ...two.written].filter(({ d1_trips: trips }) => trips === 1);
		expect(new Set(all.map(({ org_id: org }) => org))).toEqual(new Set(["org_1", "org_2"]));
	});
});

describe("Server-Timing", () => {
	it("tells what a caller waited for", async () => {
		const { response, written } = await lines(async () => {
			await batch(env.DB, [SELECT()]);
			const deadline = openDeadline(1000);
			await fetchVendor("data:,x", { headers: {} }, deadline.signal).catch(() => undefined);
			deadline.clear();
			deadline.clear();
			return json({});
		});
		expect(response.headers.get("Server-Timing")).toMatch(
			/^total;dur=\d+, db;dur=\d+;desc="1 round trip", vendor;dur=\d+$/,
		);
		expect(written).toMatchObject([{ vendor_calls: 1 }]);
	});
});
