import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { auditRows } from "../../settings/test/config-client.ts";
import { checksum } from "../../test/checksum.ts";
import { ENGINE, engineClient, resetEngines } from "./engine-client.ts";
import type { EngineClient } from "./engine-client.ts";
import { createPortal, NOW, refusal } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, STAFF, member, seedTwins } from "../../test/seed.ts";

let portal: Portal;
let client: EngineClient;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	client = engineClient(portal);
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

describe("PATCH /portal/engines/{id}", () => {
	it("writes every field and shows the whole", async () => {
		const set = {
			name: "Reception 🧸",
			status: "paused",
			allowed_origins: ["https://www.chadis.com", "https://chadis.com:8443"],
			instructions: "Be kind.\nAnswer briefly.",
			greeting: "Grüezi",
			suggested_questions: ["One?", "Two?"],
			brand_color: "#1a2b3c",
			visitor_memory: "none",
		};
		const engine = { ...ENGINE, ...set, origins_open: false, version: 3 };
		expect(await client.patch(set)).toEqual({ status: 200, body: { engine }, etag: 'W/"3"', roundTrips: 2 });
		expect(await client.patch({})).toEqual({ status: 200, body: { engine }, etag: 'W/"3"', roundTrips: 1 });
	});

	it("shows in the list what it wrote", async () => {
		await client.patch({ name: "Renamed", status: "paused", allowed_origins: [] });
		const { body } = await portal.call("/portal/engines", { as: member(CHADIS) });
		const { id, type, environment, site_key, last_active_at, sessions_30d, messages_30d } = ENGINE;
		const kept = { id, type, environment, site_key, last_active_at, sessions_30d, messages_30d };
		const engine = { ...kept, name: "Renamed", status: "paused", allowed_origins: [], origins_open: false };
		expect(body).toMatchObject({ engines: expect.arrayContaining([engine]) });
	});

	it("leaves what it does not name, and takes back what it says is null", async () => {
		const set = {
			instructions: "Be kind.",
			greeting: "Hi",
			suggested_questions: [],
			brand_color: "#1a2b3c",
			visitor_memory: "tab",
			allowed_origins: ["https://a.example"],
		};
		await client.patch({ ...set, name: "Renamed" });
		const nothing = {
			instructions: null,
			greeting: null,
			suggested_questions: null,
			brand_color: null,
			visitor_memory: null,
			allowed_origins: null,
		};
		expect(await client.patch(nothing)).toMatchObject({
			status: 200,
			body: { engine: { ...ENGINE, name: "Renamed", version: 4 } },
		});
	});

	it("lets staff set agent and model, and take them back", async () => {
		const set = { agent_id: "agent_01ABCdef-x", model: "gemini-3.1-flash-lite" };
		const staff = { as: STAFF };
		const path = "site_chadis?orgId=org_chadis";
		expect(await client.patch(set, staff, path)).toMatchObject({
			status: 200,
			body: { engine: { ...ENGINE, ...set, version: 3 } },
		});
		expect(await client.patch({ agent_id: null, model: null }, staff, path)).toMatchObject({
			body: { engine: { ...ENGINE, version: 4 } },
		});
	});

	it("writes in one form what has several", async () => {
		const { body } = await client.patch({ name: "  Bot  ", brand_color: "#ABCDEF", greeting: "\tHi\n" });
		expect(body).toEqual({ engine: { ...ENGINE, name: "Bot", brand_color: "#abcdef", greeting: "Hi", version: 3 } });
	});

	it("writes nothing for a patch that changes nothing", async () => {
		await client.patch({ allowed_origins: ["https://a.example"], suggested_questions: ["A?"] });
		const before = await checksum(env.DB);
		const same = {
			name: "First alpha",
			allowed_origins: ["https://A.example/"],
			suggested_questions: [" A? "],
			greeting: null,
		};
		expect(await client.patch(same)).toMatchObject({
			status: 200,
			body: { engine: { version: 3 } },
			etag: 'W/"3"',
			roundTrips: 1,
		});
		expect(await checksum(env.DB)).toBe(before);
	});

	it("records who changed which fields, never their values", async () => {
		await client.patch({ greeting: "secret greeting", name: "Bot", status: "active" });
		await client.patch({ model: "gemini-3.1-flash-lite" }, { as: STAFF }, "site_chadis?orgId=org_chadis");
		const common = {
			org_id: "org_chadis",
			at: "2026-08-20T12:00:00.000Z",
			action: "engine.update",
			target: "site_chadis",
		};
		expect(await auditRows(env.DB)).toEqual([
			{ ...common, user_id: "user_alphaAdmin", acting_as: "admin", fields: '["greeting","name"]' },
			{ ...common, user_id: "user_staff", acting_as: "staff", fields: '["model"]' },
		]);
	});

	it("takes the merge patch's own media type", async () => {
		const headers = { "Content-Type": "application/merge-patch+json; charset=utf-8" };
		expect(await client.patch('{"name":"Bot"}', { headers })).toMatchObject({ status: 200 });
	});

	it("gives back text as it came, whatever the script", async () => {
		for (const text of [
			"é",
			"e\u0301",
			"\u202Eevil\u202C",
			"a\u200Bb",
			"🧑‍🚀",
			"'; DROP TABLE orgs; --",
			"<script>",
			"a\u0001b",
			"NULL",
			// biome-ignore lint/suspicious/noTemplateCurlyInString: what looks like a template is text like any other.
			"${x}",
			"%s",
			"\\",
			'"',
		]) {
			const name = text === "a\u0001b" ? "one line" : text;
			expect((await client.patch({ instructions: text, name })).body).toMatchObject({
				engine: { instructions: text, name },
			});
		}
	});

	it("counts code points", async () => {
		const set = {
			name: "🧸".repeat(200),
			greeting: "🧸".repeat(500),
			instructions: "🧸".repeat(8000),
			suggested_questions: Array(6).fill("🧸".repeat(120)),
		};
		expect(await client.patch(set)).toMatchObject({ status: 200, body: { engine: set } });
	});

	it("touches the one engine only", async () => {
		const others = async () =>
			JSON.stringify((await env.DB.prepare("SELECT * FROM portal_sites WHERE id <> 'site_chadis'").all()).results);
		const before = await others();
		await client.patch({ name: "Mine", allowed_origins: [] });
		expect(await others()).toBe(before);
	});
});

describe("allowed_origins", () => {
	it("are written as browsers send them, each once, in their order", async () => {
		const sent = [
			" HTTPS://WWW.Example.com/ ",
			"https://www.example.com:443",
			"https://bücher.example",
			"https://b.example:8443",
			"https://203.0.113.7",
			"https://www.example.com",
		];
		const allowed_origins = [
			"https://www.example.com",
			"https://xn--bcher-kva.example",
			"https://b.example:8443",
			"https://203.0.113.7",
		];
		expect((await client.patch({ allowed_origins: sent })).body).toMatchObject({
			engine: { allowed_origins, origins_open: false },
		});
	});

	it("may be none, fifty, or any", async () => {
		const fifty = Array.from({ length: 50 }, (_, n) => `https://${n}.example`);
		for (const allowed_origins of [[], fifty, null]) {
			expect((await client.patch({ allowed_origins })).body).toMatchObject({
				engine: { allowed_origins, origins_open: allowed_origins === null },
			});
		}
	});

	it("may be on the developer's machine for a test key only", async () => {
		const allowed_origins = [
			"http://localhost:3000",
			"http://127.0.0.1",
			"https://localhost:8443",
			"https://www.example.com",
		];
		const answer = await client.patch({ allowed_origins }, {}, "site_alpha_test");
		expect(answer).toMatchObject({
			status: 200,
			body: { engine: { id: "site_alpha_test", environment: "test", allowed_origins } },
		});
		for (const local of allowed_origins.slice(0, 3))
			expect(await client.patch({ allowed_origins: [local] })).toMatchObject({ status: 422 });
		expect(await client.patch({ allowed_origins: ["http://www.example.com"] }, {}, "site_alpha_test")).toMatchObject({
			status: 422,
		});
	});
});

describe("an engine that cannot be changed", () => {
	it("is not found, whether another org has it or nobody", async () => {
		const before = await checksum(env.DB);
		for (const id of ["site_pannu_dental", "site_omega_test", "site_nobody", "SITE_CHADIS", "x".repeat(64)]) {
			expect(await client.patch({ name: "Mine" }, {}, id)).toEqual({ ...NOT_FOUND, roundTrips: 1 });
			expect(await client.patch({ plan: "x" }, {}, id)).toEqual({ ...NOT_FOUND, roundTrips: 1 });
			expect(await client.rotate({}, {}, id)).toEqual({ ...NOT_FOUND, roundTrips: 1 });
			expect(await client.patch({ name: "Mine" }, { as: STAFF }, `${id}?orgId=org_chadis`)).toEqual({
				...NOT_FOUND,
				roundTrips: 1,
			});
		}
		expect(await checksum(env.DB)).toBe(before);
	});

	it("is not looked for by an id that none can have, nor by another spelling of the path", async () => {
		const ids = [
			"",
			"x".repeat(65),
			"site%5Fchadis",
			"site_chadis/",
			"site_chadis;x",
			"site_chadis%00",
			"site_chadis%2Frotate-key",
			"site chadis",
			"a/b",
			"..",
		];
		for (const id of ids)
			expect(await client.patch({ name: "Mine" }, { as: null }, id)).toMatchObject({ status: 404, roundTrips: 0 });
		expect(await portal.call("/portal/engines/site_chadis/rotate-key/", { method: "POST", body: {} })).toMatchObject({
			status: 404,
		});
	});

	it("has no methods but its own", async () => {
		const methods = async (path: string, method: string) => {
			const { status, headers } = await portal.call(path, { method });
			return [status, headers.get("Allow")];
		};
		for (const method of ["GET", "HEAD", "PUT", "DELETE", "POST"]) {
			expect(await methods("/portal/engines/site_chadis", method)).toEqual([405, "PATCH, OPTIONS"]);
		}
		for (const method of ["GET", "PATCH", "PUT", "DELETE"]) {
			expect(await methods("/portal/engines/site_chadis/rotate-key", method)).toEqual([405, "POST, OPTIONS"]);
		}
	});

	it("is one that is archived, though its owner still sees it", async () => {
		await env.DB.prepare("UPDATE portal_sites SET status = 'archived' WHERE id = 'site_chadis'").run();
		const before = await checksum(env.DB);
		for (const body of [{}, { name: "Bot" }, { status: "active" }]) {
			expect(await client.patch(body)).toEqual({ status: 409, body: ARCHIVED, etag: null, roundTrips: 1 });
		}
		expect(await client.rotate()).toEqual({ status: 409, body: ARCHIVED, etag: null, roundTrips: 1 });
		expect(await client.patch({ status: "active" }, { as: STAFF }, "site_chadis?orgId=org_chadis")).toMatchObject({
			status: 409,
		});
		expect(await checksum(env.DB)).toBe(before);
	});
});
