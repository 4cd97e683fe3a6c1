import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createPortal, NOW, refusal, withoutRequestId } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, PANNU, member, seedTwins } from "../../test/seed.ts";

let portal: Portal;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
});

const NOT_A_DAY = "must be a day as YYYY-MM-DD, from 2000-01-01";
const NOT_YET = "must not be after 2026-08-21, tomorrow in UTC";
const ONCE = "must be given once, with 1 to 100 characters";

describe("GET /portal/insights", () => {
	it("knows no engine of another org, in the words for one that does not exist", async () => {
		for (const id of [PANNU.siteId, "site_omega_test", "site_nowhere", "SITE_CHADIS"]) {
			const answer = await portal.call(`/portal/insights?engine_id=${id}`, { as: member(CHADIS) });
			expect(answer.status).toBe(404);
			expect(withoutRequestId(answer)).toEqual(
				refusal("not_found", "There is no engine with this id; GET /portal/engines lists them."),
			);
			expect(answer.roundTrips).toBe(1);
		}
	});

	it.each([
		["?from=2026-02-30", "from", NOT_A_DAY],
		["?to=2025-02-29", "to", NOT_A_DAY],
		["?from=1999-12-31&to=2000-01-01", "from", NOT_A_DAY],
		["?from=2026-8-1", "from", NOT_A_DAY],
		["?from=20260801", "from", NOT_A_DAY],
		["?from=2026-08-01T00:00:00Z", "from", NOT_A_DAY],
		["?from=1e9", "from", NOT_A_DAY],
		["?from=-1", "from", NOT_A_DAY],
		["?from=NaN", "from", NOT_A_DAY],
		["?to=２０２６-08-01", "to", NOT_A_DAY],
		["?from=", "from", ONCE],
		["?to=2026-08-01&to=2026-08-02", "to", ONCE],
		["?from=2026-08-01%00", "from", ONCE],
		["?from=2026-08-22", "from", NOT_YET],
		["?from=2026-08-22&to=2026-08-22", "from", NOT_YET],
		["?from=2026-08-21&to=2026-08-20", "from", "must not be after to"],
		["?from=2026-08-02&to=2026-08-01", "from", "must not be after to"],
		["?from=2025-08-19&to=2026-08-20", "from", "must be at most 366 days before to, both included"],
		["?from=2026-08-20&to=2027-08-21", "from", "must be at most 366 days before to, both included"],
		["?engine_id=", "engine_id", ONCE],
		["?engine_id=a&engine_id=a", "engine_id", ONCE],
		[`?engine_id=${"x".repeat(101)}`, "engine_id", ONCE],
	])("refuses %s", async (query, field, message) => {
		const answer = await portal.call(`/portal/insights${query}`, { as: member(CHADIS) });
		expect(answer.status).toBe(422);
		expect(withoutRequestId(answer)).toEqual(
			refusal("invalid_request", `Please correct: ${field}.`, [{ field, message }]),
		);
	});

	it("names every faulty parameter", async () => {
		const answer = await portal.call("/portal/insights?from=x&to=y&engine_id=", { as: member(CHADIS) });
		expect(withoutRequestId(answer)).toEqual(
			refusal("invalid_request", "Please correct: to, from, engine_id.", [
				{ field: "to", message: NOT_A_DAY },
				{ field: "from", message: NOT_A_DAY },
				{ field: "engine_id", message: ONCE },
			]),
		);
	});
});
