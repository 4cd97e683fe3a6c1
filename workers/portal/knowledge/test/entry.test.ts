import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { SCHEMA_VERSION } from "../../../lib/d1/schema-version.ts";
import { createPortal, NOW, refusal, UUID, withoutRequestId } from "../../test/portal.ts";
import type { Call, Portal } from "../../test/portal.ts";
import { ROUTES, prepareRoute } from "../../test/routes.ts";
import { CHADIS, STAFF, member, seedTwins } from "../../test/seed.ts";

const DASHBOARD = "https://portal.koby.ai";

let portal: Portal;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
});

/** The methods that the portal has for the path of a route's name, which is "METHOD path". */
function methodsOf(name: string): string[] {
	const [, path] = name.split(" ");
	return ROUTES.filter((route) => route.name.endsWith(` ${path}`)).map(({ call }) => call.method ?? "GET");
}

describe("every answer", () => {
	it.each([
		["/portal/config", { as: member(CHADIS) }, 200],
		["/portal/config", {}, 401],
		["/portal/clients", { as: member(CHADIS) }, 403],
		["/nowhere", {}, 404],
		["/portal/overview", { method: "PUT", body: {} }, 405],
		["/health", {}, 200],
		["/portal/config", { method: "OPTIONS" }, 204],
	])("to %s carries the common headers", async (path, call, status) => {
		const answer = await portal.call(path, { ...call, headers: { Origin: DASHBOARD } });
		expect(answer.status).toBe(status);
		expect(answer.headers.get("X-Request-Id")).toMatch(UUID);
		expect(answer.headers.get("X-Content-Type-Options")).toBe("nosniff");
		expect(answer.headers.get("Cache-Control")).toBe("no-store");
		expect(answer.headers.get("Access-Control-Allow-Origin")).toBe(DASHBOARD);
		if (status !== 204) expect(answer.headers.get("Content-Type")).toBe("application/json; charset=utf-8");
	});
});

describe("paths and methods", () => {
	it.each([
		"/",
		"/portal",
		"/portal/",
		"//portal/clients",
		"/portal/clients/",
		"/portal/clients.",
		"/portal/clients;x",
		"/portal/%63lients",
		"/portal%2Fclients",
		"/Portal/clients",
		"/portal/overview/../../clients",
		"/portal/clients%00",
		"/portal/__proto__",
		"/debug",
		"/.env",
		"/.git/config",
	])("knows no %s", async (path) => {
		const answer = await portal.call(path, { as: STAFF });
		expect(answer.status).toBe(404);
		expect(withoutRequestId(answer)).toEqual(
			refusal("not_found", "There is nothing at this path; check its spelling, and the id in it."),
		);
	});

	it.each(ROUTES)("names the methods of $name to another one, before it asks who calls", async ({ name, path }) => {
		const methods = methodsOf(name);
		const allow = [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"].join(", ");
		const others = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "PURGE"].filter(
			(method) => !allow.split(", ").includes(method),
		);
		for (const method of others) {
			const answer = await portal.call(path, { method, headers: { "X-HTTP-Method-Override": methods.join() } });
			expect(answer.status).toBe(405);
			expect(answer.headers.get("Allow")).toBe(allow);
			expect(withoutRequestId(answer)).toEqual(
				refusal("method_not_allowed", `Use a method that this path answers: ${allow}.`),
			);
		}
	});

	it("names the methods of the public routes", async () => {
		expect((await portal.call("/health", { method: "POST", body: {} })).headers.get("Allow")).toBe(
			"GET, HEAD, OPTIONS",
		);
		expect((await portal.call("/webhooks/stripe")).headers.get("Allow")).toBe("POST, OPTIONS");
	});

	it("answers HEAD where GET", async () => {
		const as = { ...STAFF, org: { id: CHADIS.clerkId, role: "member" } };
		for (const route of ROUTES.filter(({ call }) => call.method === undefined)) {
			await prepareRoute(env.DB, route);
			expect((await portal.call(route.path, { method: "HEAD", as })).status, route.name).toBe(200);
		}
	});

	it("passes Stripe's webhook on, whose answer asks for a signature", async () => {
		const answer = await portal.call("/webhooks/stripe", {
			method: "POST",
			body: {},
			env: { STRIPE_WEBHOOK_SECRET: "whsec_test", STRIPE_SECRET_KEY: "sk_test_x" },
		});
		expect(answer.status).toBe(400);
		expect(withoutRequestId(answer)).toEqual(
			refusal(
				"invalid_signature",
				"The Stripe-Signature header does not fit this body; check that STRIPE_WEBHOOK_SECRET is the signing secret of this endpoint.",
			),
		);
	});
});

describe("GET /health", () => {
	it("says that the portal and its database are well", async () => {
		const { status, body } = await portal.call("/health", { env: { DB: env.DB } });
		expect({ status, body }).toEqual({
			status: 200,
			body: {
				status: "ok",
				worker: "koby-portal",
				checks: { db: "ok" },
				schema: { expected: SCHEMA_VERSION, found: SCHEMA_VERSION },
			},
		});
	});
});

describe("a deployment that lacks something", () => {
	const NOT_CONFIGURED = refusal(
		"not_configured",
		"This service is not fully set up; please tell its operator, whose log says what is missing.",
	);

	it.each([
		["no Clerk domain", { CLERK_DOMAIN: undefined }],
		["a blank Clerk domain", { CLERK_DOMAIN: " \n" }],
		["a Clerk domain with a path", { CLERK_DOMAIN: "clerk.example.com/.well-known/jwks.json" }],
		["no limiter of users", { USER_LIMITER: undefined }],
		["an unreadable body cap", { MAX_BODY_BYTES: "64 KiB" }],
	])("answers 503 with %s", async (_name, bindings) => {
		const answer = await portal.call("/portal/config", { method: "PATCH", body: {}, as: STAFF, env: bindings });
		expect(answer.status).toBe(503);
		expect(withoutRequestId(answer)).toEqual(NOT_CONFIGURED);
	});

	it.each<[string, Call]>([
		["GET /portal/overview", { as: member(CHADIS) }],
		["PATCH /portal/config", { method: "PATCH", body: {}, as: STAFF }],
		["GET /portal/clients", { as: STAFF }],
		["GET /health", {}],
		["POST /webhooks/stripe", { method: "POST", body: {} }],
	])("names a missing database in the log alone: %s", async (name, call) => {
		const logged = vi.spyOn(console, "error").mockReturnValue();
		const answer = await portal.call(name.split(" ")[1] ?? "", { ...call, env: { DB: undefined } });
		const lines = logged.mock.calls.flat().map(String);
		logged.mockRestore();
		expect(answer.status).toBe(503);
		expect(withoutRequestId(answer)).toEqual(NOT_CONFIGURED);
		expect(lines).toEqual([expect.stringContaining('"reason":"DB is missing or unusable"')]);
	});

	it("does without the optional secrets", async () => {
		const bindings = {
			CLERK_SECRET_KEY: undefined,
			STRIPE_SECRET_KEY: undefined,
			STRIPE_WEBHOOK_SECRET: undefined,
			CLERK_JWT_KEY: undefined,
			MAX_BODY_BYTES: undefined,
		};
		expect((await portal.call("/portal/team", { as: member(CHADIS), env: bindings })).status).toBe(200);
	});

	it("lets callers in while the limiter of users is down", async () => {
		const broken = { limit: () => Promise.reject(new Error("limiter down")) };
		expect((await portal.call("/portal/config", { as: member(CHADIS), env: { USER_LIMITER: broken } })).status).toBe(
			200,
		);
	});
});
