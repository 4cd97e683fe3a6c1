import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { callsOf, setFaults, setMembers } from "../../../local/stand-ins/control.ts";
import type { MemberSeed } from "../../../local/stand-ins/control.ts";
import type { Fault } from "../../../local/stand-ins/wire.ts";
import { createPortal, NOW, refusal, withoutRequestId } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, STAFF, member, seedTwins } from "../../test/seed.ts";

const CREATED_AT = Date.parse("2026-05-05T05:05:05.050Z");
const JOINED_AT = "2026-05-05T05:05:05.050Z";

let portal: Portal;
/** Clerk's key, another one in each test: what is cached, counted and faulty goes by it. */
let secretKey: string;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
});

beforeEach(async () => {
	vi.setSystemTime(NOW);
	secretKey = `sk_test_${crypto.randomUUID().replaceAll("-", "")}`;
	await setMembers(CHADIS.clerkId, [
		{
			user_id: "user_2ada",
			role: "org:admin",
			first_name: "Ada",
			last_name: "Lovelace",
			identifier: "ada@alpha.example",
			image_url: "https://img.clerk.com/1",
			created_at: CREATED_AT,
		},
	]);
});

const ADA = {
	user_id: "user_2ada",
	name: "Ada Lovelace",
	email: "ada@alpha.example",
	role: "admin",
	image_url: "https://img.clerk.com/1",
	joined_at: JOINED_AT,
};
const UNAVAILABLE = refusal(
	"team_unavailable",
	"The list of members cannot be read right now; please try again in a moment.",
);

function ask(query = "", as = member(CHADIS), bindings = {}) {
	return portal.call(`/portal/team${query}`, { as, env: { CLERK_SECRET_KEY: secretKey, ...bindings } });
}

async function read(query = "", as = member(CHADIS)) {
	const { status, body, roundTrips } = await ask(query, as);
	return { status, body, roundTrips };
}

const NO_ORGANIZATION =
	"This organization is not known to the sign-in provider, which waiting will not change; please contact Koby's support.";
const NO_ACCESS =
	"The list of members cannot be read until Koby's support has corrected its settings; please contact them.";
const WORDY = { errors: [{ code: "Some words", message: "words of a@b.example" }], clerk_trace_id: "words and words" };

async function fails(...faults: Fault[]) {
	await setFaults(secretKey, ...faults);
	const answer = await ask();
	return { status: answer.status, body: withoutRequestId(answer), retryAfter: answer.headers.get("Retry-After") };
}

async function isUnavailable(retryAfter: string, ...faults: Fault[]) {
	expect(await fails(...faults)).toEqual({ status: 503, body: UNAVAILABLE, retryAfter });
}

describe("GET /portal/team from Clerk", () => {
	it("lists the members, with these fields only", async () => {
		expect(await read()).toEqual({ status: 200, body: { members: [ADA], total: 1, source: "clerk" }, roundTrips: 1 });
	});

	it("asks Clerk's own path with the key and a pinned version", async () => {
		await read();
		const [call, ...others] = await callsOf(secretKey);
		expect(others).toEqual([]);
		expect(call).toMatchObject({
			method: "GET",
			path: `/v1/organizations/${CHADIS.clerkId}/memberships?limit=500&offset=0&order_by=%2Bcreated_at`,
			headers: { authorization: `Bearer ${secretKey}`, "clerk-api-version": "2026-05-12" },
		});
	});

	it("shows what it knows of a member, and counts a role of the customer's own as member", async () => {
		const seeds: MemberSeed[] = [
			{ user_id: "user_2a", first_name: "Grace", created_at: CREATED_AT },
			{ user_id: "user_2b", last_name: "Hopper", identifier: "+15550100", role: "org:billing", created_at: CREATED_AT },
			{ user_id: "user_2c", role: "org:org:admin", created_at: CREATED_AT },
		];
		await setMembers(CHADIS.clerkId, seeds);
		const rest = { email: null, role: "member", image_url: "https://img.clerk.com/stand-in", joined_at: JOINED_AT };
		const members = [
			{ user_id: "user_2a", name: "Grace", ...rest },
			{ user_id: "user_2b", name: "Hopper", ...rest },
			{ user_id: "user_2c", name: null, ...rest, role: "admin" },
		];
		expect((await read()).body).toEqual({ members, total: 3, source: "clerk" });
	});

	it("reads all pages", async () => {
		await setMembers(
			CHADIS.clerkId,
			Array.from({ length: 1203 }, (_, n) => ({ user_id: `user_2n${n}`, created_at: CREATED_AT + n })),
		);
		const { body } = await read();
		expect(body).toMatchObject({
			total: 1203,
			source: "clerk",
			members: { length: 1203, 0: { user_id: "user_2n0" }, 1202: { user_id: "user_2n1202" } },
		});
		expect(
			(await callsOf(secretKey)).map(({ path }) => new URL(path, "https://x.test").searchParams.get("offset")),
		).toEqual(["0", "500", "1000"]);
	});

	it("asks once a minute for each org", async () => {
		await read();
		vi.setSystemTime(NOW + 59_999);
		await setMembers(CHADIS.clerkId, []);
		const later = { ...member(CHADIS), now: NOW + 59_999 };
		expect((await read("", later)).body).toEqual({ members: [ADA], total: 1, source: "clerk" });
		expect(await callsOf(secretKey)).toHaveLength(1);
		vi.setSystemTime(NOW + 60_000);
		expect((await read("", later)).body).toEqual({ members: [], total: 0, source: "clerk" });
		expect(await callsOf(secretKey)).toHaveLength(2);
	});

	it("does not keep a failure", async () => {
		await isUnavailable("5", { status: 500 });
		expect((await read()).status).toBe(200);
	});

	it("tries once more after a 429 that asks for at most 2 s", async () => {
		await setFaults(secretKey, { status: 429, retry_after_seconds: 0 });
		expect((await read()).status).toBe(200);
		expect(await callsOf(secretKey)).toHaveLength(2);
	});

	it.each<[string, string, number, Fault[]]>([
		["tells a caller how long a longer 429 lasts", "30", 1, [{ status: 429, retry_after_seconds: 30 }]],
		["gives up after two 429s", "1", 2, [{ status: 429, retry_after_seconds: 0, times: 2 }]],
		["gives up on a 429 that does not say how long", "5", 1, [{ status: 429 }]],
		["takes a count that no organization has for none", "5", 1, [{ body: '{"data":[],"total_count":1e300}' }]],
		["takes half a count for none", "5", 1, [{ body: '{"data":[],"total_count":0.5}' }]],
		["follows no redirect", "5", 1, [{ redirect: "https://elsewhere.test/" }]],
		["takes no HTML for a list", "5", 1, [{ replace: "html" }]],
		["takes no garbage for a list", "5", 1, [{ replace: "garbage" }]],
		["takes no nothing for a list", "5", 1, [{ replace: "empty" }]],
		["takes no list without a count", "5", 1, [{ body: '{"data":[]}' }]],
		["takes no bare array for a list", "5", 1, [{ body: "[]" }]],
		["fails when the connection breaks", "5", 1, [{ reset: true }]],
	])("%s", async (_name, retryAfter, calls, faults) => {
		await isUnavailable(retryAfter, ...faults);
		expect(await callsOf(secretKey)).toHaveLength(calls);
	});

	it.each<[string, Fault, string, string]>([
		["an organization that is gone", { status: 404 }, NO_ORGANIZATION, "status_404 code=resource_not_found trace=…"],
		["one that is gone for good", { status: 410, code: "gone" }, NO_ORGANIZATION, "status_410 code=gone trace=…"],
		["a key that is refused", { status: 401 }, NO_ACCESS, "status_401 code=clerk_key_invalid trace=…"],
		["a key that may not", { status: 403 }, NO_ACCESS, "status_403 code=authorization_invalid trace=…"],
		["a request that is none", { status: 422 }, NO_ACCESS, "status_422 code=form_param_value_invalid trace=…"],
		["words in the place of a code", { status: 400, body: JSON.stringify(WORDY) }, NO_ACCESS, "status_400"],
		["a page", { status: 404, body: "<html>words</html>" }, NO_ORGANIZATION, "status_404"],
	])("names no time to come back for %s, and logs Clerk's code alone", async (_name, fault, message, reason) => {
		const error = vi.spyOn(console, "error").mockImplementation(() => undefined);
		expect(await fails(fault)).toEqual({ status: 503, body: refusal("team_unavailable", message), retryAfter: null });
		const lines = error.mock.calls.map(([line]) => String(line));
		error.mockRestore();
		expect(lines.map((line) => JSON.parse(line).reason.replace(/trace=\w+/, "trace=…"))).toEqual([reason]);
		expect(lines.join()).not.toContain("words");
		expect(await callsOf(secretKey)).toHaveLength(1);
	});

	it("leaves out a membership of an instant that no calendar has", async () => {
		const data = [1e300, -1, 8.64e15, null, "1780000000000"].map((created_at, index) => ({
			role: "org:member",
			public_user_data: { user_id: `user_2n${index}` },
			created_at,
		}));
		await setFaults(secretKey, { body: JSON.stringify({ data, total_count: 5 }) });
		expect((await read()).body).toEqual({ members: [], total: 5, source: "clerk" });
	});

	it("waits 5 s for all of a list and no longer", async () => {
		const chunks_base64 = [btoa('{"data":'), btoa('[],"total_count":0}')];
		await setFaults(secretKey, { chunks_base64, stall_after: 1 });
		vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"], now: NOW });
		let isAnswered = false;
		const asking = ask().finally(() => {
			isAnswered = true;
		});
		// A poll of the test runner's would move the clock.
		while ((await callsOf(secretKey)).length === 0);
		await vi.advanceTimersByTimeAsync(4999);
		expect(isAnswered).toBe(false);
		await vi.advanceTimersByTimeAsync(1);
		const answer = await asking;
		vi.useFakeTimers({ toFake: ["Date"], now: NOW });
		expect([answer.status, withoutRequestId(answer)]).toEqual([503, UNAVAILABLE]);
	});

	it("leaves out a membership that names no user", async () => {
		await setFaults(secretKey, {
			body: JSON.stringify({
				data: [{ role: "org:member" }, null, { public_user_data: { user_id: "" }, created_at: 1 }],
				total_count: 3,
			}),
		});
		expect((await read()).body).toEqual({ members: [], total: 3, source: "clerk" });
	});

	it("asks for an org by its own id when that is Clerk's", async () => {
		const id = "org_2zyxwvutsrqponmlkjihgf";
		await env.DB.prepare("INSERT INTO orgs (id, name, slug) VALUES (?1, 'Clerk-born', 'clerk-born')").bind(id).run();
		await setMembers(id, []);
		expect((await read(`?orgId=${id}`, STAFF)).body).toEqual({ members: [], total: 0, source: "clerk" });
	});
});

describe("GET /portal/team with a base URL that is not Clerk's", () => {
	it("sends the key nowhere", async () => {
		for (const url of ["https://clerk.com.evil.test", "http://api.clerk.com", "https://user@api.clerk.com"]) {
			const answer = await ask("", member(CHADIS), { CLERK_API_URL: url });
			expect(answer.status).toBe(503);
			expect(withoutRequestId(answer)).toEqual(
				refusal(
					"not_configured",
					"This service is not fully set up; please tell its operator, whose log says what is missing.",
				),
			);
		}
		expect(await callsOf(secretKey)).toEqual([]);
	});
});
