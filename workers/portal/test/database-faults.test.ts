import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { linkCustomer } from "../billing/test/billing-client.ts";
import { checksum } from "./checksum.ts";
import { createPortal, NOW, refusal, withoutRequestId } from "./portal.ts";
import type { Answer, Portal } from "./portal.ts";
import { ROUTES, STRIPE_SECRET_KEY, prepareRoute } from "./routes.ts";
import type { Route } from "./routes.ts";
import { CHADIS, admin, seedTwins } from "./seed.ts";

let portal: Portal;

async function seed(): Promise<void> {
	await seedTwins(env.DB);
	await linkCustomer(STRIPE_SECRET_KEY);
}

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seed();
});

type Batch = (statements: D1PreparedStatement[], nth: number) => Promise<D1Result[]>;

/** A request that is good, in front of a database whose batches go as told. */
async function ask(route: Route, batch: Batch): Promise<Answer & { tries: number }> {
	await prepareRoute(env.DB, route);
	let tries = 0;
	const DB = {
		prepare: (sql: string) => env.DB.prepare(sql),
		batch: (statements: D1PreparedStatement[]) => batch(statements, ++tries),
	};
	// Each route is asked by a user of its own, whom no other route brings near the limit of requests a minute.
	const own = { ...admin(CHADIS), userId: `user_alphaAdmin${ROUTES.indexOf(route) + 1}` };
	const as = route.forOwnAdmins === true ? own : { ...own, staff: true };
	const answer = await portal.call(route.path, { ...route.call, as, env: { ...route.call.env, DB } });
	return { ...answer, tries };
}

function expectUnavailable(answer: Answer): void {
	expect(answer.status).toBe(503);
	expect(withoutRequestId(answer)).toEqual(
		refusal("unavailable", "The database is not answering; please try again in a moment."),
	);
	expect(answer.headers.get("Retry-After")).toBe("2");
}

const FAULTS = [
	["D1_ERROR: D1 DB is overloaded. Requests queued for too long.", "overloaded"],
	["D1_ERROR: D1 DB is overloaded. Too many requests queued.", "overloaded"],
	["D1_ERROR: CHECK constraint failed: orgs.status must be one of …: SQLITE_CONSTRAINT", "constraint"],
	["D1_ERROR: no such table: orgs: SQLITE_ERROR", "no such table"],
	["D1_ERROR: no such column: secret_thing at offset 7: SQLITE_ERROR", "no such column"],
] as const;

describe.each(ROUTES)("$name", (route) => {
	it("tells when to come back, and the log alone why, when the database fails; it is asked once", async () => {
		for (const [text, reason] of FAULTS) {
			const logged = vi.spyOn(console, "error").mockReturnValue();
			const answer = await ask(route, () => Promise.reject(new Error(text)));
			const lines = logged.mock.calls.flat().map((line): unknown => JSON.parse(String(line)));
			logged.mockRestore();
			expectUnavailable(answer);
			expect(answer.tries).toBe(1);
			expect(lines).toEqual([
				expect.objectContaining({ event: "request", status: 503, outcome: "unavailable", reason, d1_trips: 1 }),
			]);
			// Of what the database said, which may quote what it was given, the line holds the kind alone.
			expect(JSON.stringify(lines)).not.toMatch(/D1_ERROR|SQLITE|orgs|secret_thing|Requests queued|@/);
		}
	});

	it("asks once more when the database says that it did not run", async () => {
		const lost: Batch = (statements, nth) =>
			nth === 1 ? Promise.reject(new Error("D1_ERROR: Network connection lost.")) : env.DB.batch(statements);
		const { status, tries } = await ask(route, lost);
		expect(status).toBe(route.status ?? 200);
		expect(tries).toBeGreaterThan(1);
	});
});

describe("a database that does not answer", () => {
	it("is given up after three seconds, on every route", async () => {
		vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"], now: NOW });
		let begun = 0;
		const never: Batch = () => {
			begun++;
			return new Promise(() => {});
		};
		const asking = Promise.all(ROUTES.map((route) => ask(route, never)));
		await expect.poll(() => begun).toBe(ROUTES.length);
		await vi.advanceTimersByTimeAsync(3000);
		const answers = await asking;
		vi.useFakeTimers({ toFake: ["Date"], now: NOW });
		for (const answer of answers) {
			expectUnavailable(answer);
			expect(answer.tries).toBe(1);
		}
	});
});

const WRITES = ROUTES.filter(
	({ call, isRecorded, isQuestion }) => (call.method !== undefined && isQuestion !== true) || isRecorded === true,
);

describe.each(WRITES)("a write half way through: $name", (route) => {
	beforeEach(seed);

	it("leaves nothing behind, and can be sent again", async () => {
		await prepareRoute(env.DB, route);
		const before = await checksum(env.DB);
		const broken: Batch = (statements, nth) =>
			env.DB.batch(nth === 1 ? statements : [...statements, env.DB.prepare("SELECT * FROM nowhere")]);
		expectUnavailable(await ask(route, broken));
		expect(await checksum(env.DB)).toBe(before);
		expect((await ask(route, (statements) => env.DB.batch(statements))).status).toBe(route.status ?? 200);
		expect(await checksum(env.DB)).not.toBe(before);
	});
});
