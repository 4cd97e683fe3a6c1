import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { refusedCallers } from "../../lib/test/tokens.ts";
import type { TokenOptions } from "../../lib/test/tokens.ts";
import { linkCustomer } from "../billing/test/billing-client.ts";
import { createPortal, FORBIDDEN, NOW, refusal, withoutRequestId } from "./portal.ts";
import type { Portal } from "./portal.ts";
import { ORG_ROUTES, ROUTES, STAFF_ROUTES, STRIPE_SECRET_KEY, isOfStaff, prepareRoute } from "./routes.ts";
import type { Route } from "./routes.ts";
import { CHADIS, PANNU, STAFF, admin, member, seedTwins } from "./seed.ts";

let portal: Portal;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
	await linkCustomer(STRIPE_SECRET_KEY);
});

const UNAUTHENTICATED = refusal("unauthenticated", "Sign in and send a valid session token as a Bearer token.");
const NO_ACTIVE_ORG = refusal("no_active_org", "Choose an organization in the dashboard first.");
const UNKNOWN_ORG = refusal("unknown_org", "Your organization is not set up with Koby yet; please contact support.");
const ORG_NOT_FOUND = refusal(
	"org_not_found",
	"There is no organization with this id; GET /portal/clients lists them.",
);
const ORG_REQUIRED = refusal("org_required", "Name the organization with ?orgId=; GET /portal/clients lists them.");
const BAD_ORG_ID = refusal("invalid_request", "Please correct: orgId.", [
	{ field: "orgId", message: "must be given once, with 1 to 100 characters" },
]);

const BAD_ORG_IDS = [
	"?orgId=",
	"?orgId=org_chadis&orgId=org_chadis",
	`?orgId=${"o".repeat(101)}`,
	"?orgId=org_chadis%00",
];

/** Who may ask for it, were it not for the org. */
function signedIn(route: Route): Partial<TokenOptions> {
	if (route.forStaff === true) return { ...STAFF, org: { id: CHADIS.clerkId, role: "member" } };
	if (isOfStaff(route)) return STAFF;
	return route.forAdmins === true ? admin(CHADIS) : member(CHADIS);
}

function good(route: Route): number {
	return route.status ?? 200;
}

function isWrite({ call, isRecorded, isQuestion }: Route): boolean {
	return (call.method !== undefined && isQuestion !== true) || isRecorded === true;
}

/** Each route is asked by a user of its own, whom no other route brings near the limit of 300 requests a minute. */
async function ask(route: Route, who: Partial<TokenOptions>, query = "") {
	await prepareRoute(env.DB, route);
	const as = { ...who, userId: `${who.userId ?? "user_x"}${ROUTES.indexOf(route) + 1}` };
	const answer = await portal.call(`${route.path}${query}`, { ...route.call, as });
	return { status: answer.status, body: withoutRequestId(answer) };
}

describe.each(ROUTES)("$name", (route) => {
	it.each(refusedCallers)("refuses $name", async ({ authorization }) => {
		const answer = await portal.call(route.path, {
			...route.call,
			authorization: await authorization({ ...portal.good, ...admin(CHADIS) }),
		});
		expect(answer.status).toBe(401);
		expect(withoutRequestId(answer)).toEqual(UNAUTHENTICATED);
		expect(answer.headers.get("WWW-Authenticate")).toBe("Bearer");
		expect(answer.headers.get("Cache-Control")).toBe("no-store");
		expect(answer.roundTrips).toBe(0);
	});

	it("lets in who is refused nothing", async () => {
		expect((await ask(route, signedIn(route))).status).toBe(good(route));
	});
});

describe.each(ORG_ROUTES)("$name", (route) => {
	it("refuses another org by ?orgId= with the same words whether it exists or not", async () => {
		for (const other of [
			PANNU.id,
			PANNU.clerkId,
			"org_nobody",
			"org_chadi",
			"org_CHADIS",
			"org_chadis1",
			"org_сhadis",
		]) {
			expect(await ask(route, signedIn(route), `?orgId=${encodeURIComponent(other)}`)).toEqual({
				status: 403,
				body: FORBIDDEN.foreignOrg,
			});
		}
	});

	it("takes the own org by ?orgId=, as the portal's id or Clerk's", async () => {
		for (const own of [CHADIS.id, CHADIS.clerkId])
			expect((await ask(route, signedIn(route), `?orgId=${own}`)).status).toBe(good(route));
	});

	it("refuses an ?orgId= that is empty, repeated, too long or not text", async () => {
		for (const query of BAD_ORG_IDS)
			expect(await ask(route, signedIn(route), query)).toEqual({ status: 422, body: BAD_ORG_ID });
	});

	it("does not take another name for orgId", async () => {
		const names = ["orgid", "orgId[]", "org_id"];
		const query = `?${names.map((name) => `${name}=${PANNU.id}`).join("&")}`;
		expect(await ask(route, signedIn(route), query)).toMatchObject({
			status: 422,
			body: { error: { message: `Please correct: ${names.join(", ")}.` } },
		});
	});

	it("refuses a caller without an active organization", async () => {
		const as = { userId: "user_alone" };
		expect(await ask(route, as, "")).toEqual({ status: 403, body: NO_ACTIVE_ORG });
		expect(await ask(route, as, `?orgId=${CHADIS.id}`)).toEqual({ status: 403, body: NO_ACTIVE_ORG });
	});

	it("refuses a caller whose organization is not set up", async () => {
		const as = { userId: "user_stranger", org: { id: "org_2nobodyatall", role: "admin" } };
		expect(await ask(route, as)).toEqual({ status: 403, body: UNKNOWN_ORG });
		expect(await ask(route, as, `?orgId=${CHADIS.id}`)).toEqual({ status: 403, body: UNKNOWN_ORG });
	});

	it("finds no org by its slug or name", async () => {
		for (const id of ["chadis", "CHADIS"]) {
			expect(await ask(route, { userId: "user_slug", org: { id, role: "admin" } })).toEqual({
				status: 403,
				body: UNKNOWN_ORG,
			});
		}
	});

	it("answers in every status of the org", async () => {
		for (const status of ["trialing", "past_due", "inactive", "churned", "active"]) {
			await env.DB.prepare("UPDATE orgs SET status = ?1 WHERE id = 'org_chadis'").bind(status).run();
			expect((await ask(route, signedIn(route))).status).toBe(good(route));
		}
	});

	it("gives an impersonated session of staff no power", async () => {
		const as = { ...STAFF, impersonated: true };
		const expected = isWrite(route) ? FORBIDDEN.impersonated : NO_ACTIVE_ORG;
		expect(await ask(route, as, `?orgId=${PANNU.id}`)).toEqual({ status: 403, body: expected });
	});

	it("counts a metadata role that is not exactly staff, and an org role that says so, for nothing", async () => {
		for (const metadata of [{ role: "Staff" }, { role: ["staff"] }, { role: "admin" }, "staff", { staff: true }]) {
			expect((await ask(route, { ...signedIn(route), claims: { metadata } }, `?orgId=${PANNU.id}`)).status).toBe(403);
		}
		expect(
			(await ask(route, { userId: "user_x", org: { id: CHADIS.clerkId, role: "staff" } }, `?orgId=${PANNU.id}`)).status,
		).toBe(403);
	});
});

describe.each(STAFF_ROUTES)("$name", (route) => {
	it("asks staff to name an org, unless one is active", async () => {
		expect(await ask(route, STAFF)).toEqual({ status: 422, body: ORG_REQUIRED });
		expect((await ask(route, { ...STAFF, org: { id: CHADIS.clerkId, role: "member" } })).status).toBe(good(route));
		expect((await ask(route, STAFF, `?orgId=${CHADIS.id}`)).status).toBe(good(route));
		expect((await ask(route, STAFF, `?orgId=${CHADIS.clerkId}`)).status).toBe(good(route));
	});

	it("lets staff at an org of any status", async () => {
		for (const status of ["trialing", "past_due", "inactive", "churned", "active"]) {
			await env.DB.prepare("UPDATE orgs SET status = ?1 WHERE id = 'org_chadis'").bind(status).run();
			expect((await ask(route, STAFF, `?orgId=${CHADIS.id}`)).status).toBe(good(route));
		}
	});

	it("tells staff that an org does not exist", async () => {
		for (const id of ["org_nobody", "chadis", "CHADIS"])
			expect(await ask(route, STAFF, `?orgId=${id}`)).toEqual({ status: 404, body: ORG_NOT_FOUND });
		expect(await ask(route, { ...STAFF, org: { id: "org_2kobyitself", role: "admin" } })).toEqual({
			status: 404,
			body: ORG_NOT_FOUND,
		});
	});

	it("refuses staff an ?orgId= that is empty, repeated, too long or not text", async () => {
		for (const query of BAD_ORG_IDS) expect(await ask(route, STAFF, query)).toEqual({ status: 422, body: BAD_ORG_ID });
	});
});

describe.each(ORG_ROUTES.filter((route) => !STAFF_ROUTES.includes(route)))("$name", (route) => {
	it("refuses staff with the same words, whatever org they name", async () => {
		for (const query of ["", `?orgId=${CHADIS.id}`, "?orgId=org_nobody", "?orgId="]) {
			expect(await ask(route, STAFF, query)).toEqual({ status: 403, body: FORBIDDEN.onlyLook });
			expect(await ask(route, { ...admin(CHADIS), staff: true }, query)).toEqual({
				status: 403,
				body: FORBIDDEN.onlyLook,
			});
		}
	});
});

describe.each(ROUTES.filter(isOfStaff))("$name", (route) => {
	it("refuses everyone but staff with the same words", async () => {
		const others = [
			member(CHADIS),
			admin(CHADIS),
			{ userId: "user_alone" },
			{ ...STAFF, impersonated: true },
			{ userId: "user_x", org: { id: "org_2nobodyatall", role: "admin" } },
		];
		for (const as of others) {
			expect(await ask(route, as)).toEqual({ status: 403, body: FORBIDDEN.notStaff });
			expect(await ask(route, as, `?orgId=${CHADIS.id}&limit=0`)).toEqual({ status: 403, body: FORBIDDEN.notStaff });
		}
	});

	it("refuses a parameter that it does not have", async () => {
		expect(await ask(route, STAFF, "?order=name")).toMatchObject({ status: 422 });
	});
});

const WRITES = ROUTES.filter((route) => isWrite(route) && route.forAdmins === true);

describe.each(WRITES)("$name", ({ name, path, call, forStaff }) => {
	const route: Route = { name, path, call: call.method === undefined ? call : { ...call, body: "{not JSON" } };

	it("refuses a member and an impersonated admin before it reads the body", async () => {
		const body = forStaff === true ? FORBIDDEN.notStaff : FORBIDDEN.notAdmin;
		expect(await ask(route, member(CHADIS))).toEqual({ status: 403, body });
		expect(await ask(route, { ...admin(CHADIS), impersonated: true })).toEqual({
			status: 403,
			body: forStaff === true ? FORBIDDEN.notStaff : FORBIDDEN.impersonated,
		});
	});
});

describe("PATCH /portal/config", () => {
	it("takes the role in either version's spelling", async () => {
		for (const version of [1, 2] as const) {
			expect(
				(await portal.call("/portal/config", { method: "PATCH", body: {}, as: { ...admin(CHADIS), version } })).status,
			).toBe(200);
		}
	});
});
