import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { isObject } from "../../../lib/http/json.ts";
import { linkCustomer } from "../../billing/test/billing-client.ts";
import { portalOpenapi } from "../../openapi.ts";
import { createPortal, NOW, refusal, withoutRequestId } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { ROUTES, STRIPE_SECRET_KEY, isOfStaff, prepareRoute } from "../../test/routes.ts";
import type { Route } from "../../test/routes.ts";
import { CHADIS, STAFF, admin, member, seedTwins } from "../../test/seed.ts";
import { queryNames } from "../query-names.ts";

let portal: Portal;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
	await linkCustomer(STRIPE_SECRET_KEY);
});

const namesOf = queryNames(portalOpenapi);
/** A good value of every parameter that there is: a new one has to be named here. */
const GOOD: Record<string, string> = {
	action: "config.update",
	target: "session-alpha-3",
	user_id: "user_2abc",
	orgId: CHADIS.id,
	limit: "2",
	cursor: "WyI1Il0",
	from: "2026-08-01",
	to: "2026-08-02",
	engine_id: CHADIS.siteId,
	kind: "article",
	q: "a",
	status: "active",
	plan: "chatbot",
	attention: "any",
	sort: "name",
	rating: "up",
	unanswered: "true",
	has_lead: "false",
};

function namesOfRoute({ path, call }: Route): string[] {
	return [...namesOf(call.method ?? "GET", path)];
}

async function ask(route: Route, query: string, method = route.call.method ?? "GET") {
	await prepareRoute(env.DB, route);
	const who = isOfStaff(route) ? { ...STAFF, org: { id: CHADIS.clerkId, role: "admin" } } : admin(CHADIS);
	const as = { ...who, userId: `user_q${ROUTES.indexOf(route) + 1}` };
	return portal.call(`${route.path}${query}`, { ...route.call, method, as });
}

describe.each(ROUTES)("$name", (route) => {
	it("refuses a parameter that it does not have, by every name it may be given", async () => {
		const names = ["page", "Limit", "engine_id[]", "__proto__", "size", "constructor", "offset"];
		const query = `?${[...names, "page"].map((name) => `${encodeURIComponent(name)}=1`).join("&")}&orgId=${CHADIS.id}`;
		const message = `is not a parameter here; there are: ${namesOfRoute(route).join(", ")}`;
		const answer = await ask(route, query);
		expect(answer.status).toBe(422);
		expect(withoutRequestId(answer)).toEqual(
			refusal(
				"invalid_request",
				`Please correct: ${names.join(", ")}.`,
				names.map((field) => ({ field, message })),
			),
		);
		expect(answer.roundTrips).toBe(0);
	});

	it("refuses each parameter that it has when it is given twice, or empty", async () => {
		for (const name of namesOfRoute(route)) {
			const value = encodeURIComponent(GOOD[name] ?? `no good value of ${name}`);
			for (const query of [`?${name}=${value}&${name}=${value}`, `?${name}=`]) {
				const { status, body } = await ask(route, query);
				expect({ query, status, body }).toMatchObject({ status: 422, body: { error: { fields: [{ field: name }] } } });
			}
		}
	});

	it("has orgId", () => expect(namesOfRoute(route)).toContain("orgId"));
});

describe("the parameters of a request", () => {
	it("are told by its role before they are looked at", async () => {
		const route = ROUTES.filter(({ forAdmins }) => forAdmins === true);
		for (const { path, call } of route) {
			expect(await portal.call(`${path}?sort=name`, { ...call, as: member(CHADIS) })).toMatchObject({ status: 403 });
		}
		expect(await portal.call("/portal/clients?order=name", { as: admin(CHADIS) })).toMatchObject({ status: 403 });
		expect(await portal.call("/portal/nothing?sort=name", { as: admin(CHADIS) })).toMatchObject({ status: 404 });
	});

	it("are the same for HEAD as for GET", async () => {
		const engines = { name: "", path: "/portal/engines", call: {} };
		expect((await ask(engines, "?sort=name", "HEAD")).status).toBe(422);
		expect((await ask(engines, `?orgId=${CHADIS.id}`, "HEAD")).status).toBe(200);
	});

	it("are those of the operation, whatever else the path has", () => {
		expect([...namesOf("PATCH", "/portal/config")]).toEqual(["orgId"]);
		expect([...namesOf("GET", "/portal/conversations/some-id")]).toEqual(["orgId", "cursor"]);
		expect([...namesOf("DELETE", "/portal/conversations/some-id")]).toEqual(["orgId"]);
		expect([...namesOf("PURGE", "/portal/config")]).toEqual([]);
		expect([...namesOf("GET", "/portal/config/more")]).toEqual([]);
	});

	it("are described, each with a value that the tests know", () => {
		const { paths } = portalOpenapi();
		const all = Object.entries(isObject(paths) ? paths : {}).flatMap(([path, operations]) =>
			Object.keys(isObject(operations) ? operations : {}).flatMap((method) => [...namesOf(method, path)]),
		);
		expect([...new Set(all)].sort()).toEqual(Object.keys(GOOD).sort());
	});

	it.each(["/health?ver=1", "/openapi.json?utm_source=x&utm_source=y"])("are nobody's business at %s", async (path) => {
		expect((await portal.call(path)).status).toBe(200);
	});

	it("do not keep Stripe's events away", async () => {
		const bindings = { STRIPE_WEBHOOK_SECRET: "whsec_x", STRIPE_SECRET_KEY: "sk_test_x" };
		const answer = await portal.call("/webhooks/stripe?ver=1", { method: "POST", body: "{}", env: bindings });
		expect(answer.body).toMatchObject({ error: { code: "invalid_signature" } });
	});
});
