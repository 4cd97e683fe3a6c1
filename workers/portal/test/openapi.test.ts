import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { ERROR_STATUS } from "../../lib/http/errors.ts";
import { isObject } from "../../lib/http/json.ts";
import { withExamples } from "../../lib/openapi/openapi-examples.ts";
import { qualityOf } from "../../lib/test/openapi-quality.ts";
import examples from "../openapi-examples.json";
import { portalOpenapi } from "../openapi.ts";
import { createPortal, description, NOW } from "./portal.ts";
import type { Portal } from "./portal.ts";
import { ROUTES, prepareRoute } from "./routes.ts";
import { CHADIS, admin, seedTwins } from "./seed.ts";
import { servedPaths } from "./served-paths.ts";

let portal: Portal;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
});

type Part = Record<string, unknown>;

/** Every object in the description, the outer before the inner. */
function partsOf(value: unknown): Part[] {
	if (Array.isArray(value)) return value.flatMap(partsOf);
	return isObject(value) ? [value, ...Object.values(value).flatMap(partsOf)] : [];
}

const WHOLE = withExamples(portalOpenapi(), examples);
const PARTS = partsOf(portalOpenapi());
const OPERATIONS = PARTS.filter(({ responses }) => responses !== undefined);

describe("the description", () => {
	it("is served to anyone, whole, without a database or a key, and may be kept for five minutes", async () => {
		const answer = await portal.call("/openapi.json", { env: { DB: undefined, CLERK_DOMAIN: undefined } });
		expect(answer.body).toEqual(WHOLE);
		expect(answer.status).toBe(200);
		expect(answer.headers.get("Cache-Control")).toBe("public, max-age=300");
		expect(answer.headers.get("Content-Type")).toBe("application/json; charset=utf-8");
		expect(answer.headers.get("X-Content-Type-Options")).toBe("nosniff");
	});

	it("says of every operation and property what it is, and shows an example of each", () => {
		const { operations, properties, faults } = qualityOf(WHOLE);
		expect(faults).toEqual([]);
		expect(operations).toBeGreaterThanOrEqual(53);
		expect(properties).toBeGreaterThan(1600);
	});

	it("names every path that the code serves, and none that it does not", () => {
		const described = description.operations.map((operation) => operation.split(" ")[1]);
		expect([...new Set(described)].sort()).toEqual(servedPaths());
	});

	it("names every method of every path, and none that is refused", async () => {
		for (const operation of description.operations) {
			const [method = "", path = ""] = operation.split(" ");
			const { status } = await portal.call(path.replace("{id}", "x"), { method });
			expect({ operation, isServed: status !== 405 }).toEqual({ operation, isServed: true });
			// A 405 must name the described methods and no others: every answer is held against the description.
			expect((await portal.call(path.replace("{id}", "x"), { method: "PURGE" })).status).toBe(405);
		}
	});

	it("stands beside whom to tell of a weakness, which needs neither a database nor Clerk", async () => {
		const answer = await portal.call("/.well-known/security.txt", {
			as: null,
			env: { DB: undefined, CLERK_DOMAIN: undefined },
		});
		expect(answer.status).toBe(200);
		expect(answer.text).toMatch(/^Contact: mailto:security@koby\.ai\nExpires: 2026-11-19T00:00:00\.000Z\n/);
	});

	it("gives every operation a name of its own, and asks for a token wherever the code does", () => {
		const names = OPERATIONS.map(({ operationId }) => operationId);
		expect(names.filter((name) => typeof name !== "string" || !/^[a-z]+[A-Za-z]+$/.test(name))).toEqual([]);
		expect(new Set(names).size).toBe(description.operations.length);
		const open = OPERATIONS.filter(({ security }) => security !== undefined);
		expect(open.map(({ operationId, security }) => [operationId, security])).toEqual([
			["receiveStripeEvent", []],
			["getHealth", []],
			["getOpenapi", []],
			["getSecurityTxt", []],
		]);
		expect(portalOpenapi().security).toEqual([{ bearer: [] }]);
	});

	it("says of every object which fields it must hold, and that it holds no others", () => {
		const objects = PARTS.filter(({ type, properties }) => type === "object" && properties !== undefined);
		expect(objects.length).toBeGreaterThan(40);
		expect(
			objects.filter(
				({ required, additionalProperties }) => !Array.isArray(required) || additionalProperties !== false,
			),
		).toEqual([]);
	});

	it("lists the error codes that its operations name, those of what nobody serves, and no others", () => {
		const codesOf = (part: unknown) =>
			partsOf(part).flatMap(({ properties }) =>
				isObject(properties) && isObject(properties.code) ? [properties.code.enum].flat() : [],
			);
		const { components, paths } = portalOpenapi();
		const listed = codesOf(components);
		expect([...listed].sort()).toEqual([...new Set([...codesOf(paths), "not_found", "method_not_allowed"])].sort());
		expect(listed.filter((code) => typeof code !== "string" || !Object.hasOwn(ERROR_STATUS, code))).toEqual([]);
	});

	it("refers to nothing that it does not hold, and holds nothing that nobody refers to", () => {
		const { components } = portalOpenapi();
		const { parameters, schemas } = isObject(components) ? components : {};
		const held = Object.entries({ parameters, schemas }).flatMap(([kind, parts]) =>
			Object.keys(isObject(parts) ? parts : {}).map((name) => `#/components/${kind}/${name}`),
		);
		const named = new Set(PARTS.flatMap(({ $ref }) => (typeof $ref === "string" ? [$ref] : [])));
		expect([...named].sort()).toEqual(held.sort());
	});
});

/** The read that it takes to know the org comes before the row in the audit log and the first page, which are one round trip. */
const MORE_ROUND_TRIPS: Record<string, number> = { "GET /portal/export": 2 };
const GETS = description.operations.filter((operation) => operation.startsWith("GET /portal/"));

describe("the database", () => {
	it.each(GETS)("is asked once for %s, were it not for the export", async (operation) => {
		const route = ROUTES.find(({ name }) => name === operation);
		if (route === undefined) throw new Error("ROUTES lacks it");
		await prepareRoute(env.DB, route);
		const { status, roundTrips } = await portal.call(route.path, { as: { ...admin(CHADIS), staff: true } });
		expect({ status, roundTrips }).toEqual({ status: 200, roundTrips: MORE_ROUND_TRIPS[operation] ?? 1 });
	});
});

describe("an answer that is not as described", () => {
	const headers = new Headers({ "X-Request-Id": "r", "Content-Type": "application/json" });
	const read = { method: "GET", path: "/portal/workflows", status: 200, headers, text: '{"workflows":[]}' };
	const error = (code: string) => JSON.stringify({ error: { code, message: "m", request_id: "r" } });

	it.each([
		["a field too many", { text: '{"workflows":[],"more":1}' }],
		["a field too few", { text: "{}" }],
		["a code that its operation never gives", { status: 503, text: error("team_unavailable") }],
		["a path that nobody serves", { path: "/portal/new" }],
		["a method that is not described", { method: "POST" }],
		["a body where none is described", { method: "DELETE", path: "/portal/conversations/x", status: 204 }],
	])("fails its test, by %s", (_, change) => {
		expect(() => description.checkAnswer(read)).not.toThrow();
		expect(() => description.checkAnswer({ ...read, ...change })).toThrow();
	});
});
