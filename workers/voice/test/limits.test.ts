import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { callsOf } from "../../local/stand-ins/control.ts";
import { resetDatabase } from "../../lib/test/database.ts";
import { PANNU_KEY, ask, envelope, freshAddress, hear, session, speech, vendorKey } from "./client.ts";
import type { Overrides, Sent } from "./client.ts";
import { NOTHING_WRITTEN, allowConversations, freshSiteKey, run, untouchedDb, written } from "./d1.ts";
import { BROKEN, FULL, inOneMinute } from "./limiters.ts";

/** One that the legacy mode admits, too. */
const PAGE = "https://www.chadis.com";

beforeEach(async () => {
	await resetDatabase(env.DB);
	await allowConversations();
});

let texts = 0;

/** A text that no cache knows. */
function newText(): string {
	texts += 1;
	return `Limit test ${texts}`;
}

const KEYED = (key: string): Sent => speech(newText(), key);
const LEGACY = (key: string): Sent => ({ body: { text: newText() }, env: { ELEVENLABS_API_KEY: key } });
const CONVERSATION = (key: string): Sent => session(key);
const END = (key: string): Sent => session(key, {}, { path: `/session/${crypto.randomUUID()}/end` });

type Asked = [what: string, limiter: "IP_LIMITER" | "SITE_LIMITER" | "LEGACY_LIMITER", sent: (key: string) => Sent];

const LIMITED: Asked[] = [
	["speech with a site key", "IP_LIMITER", KEYED],
	["speech with a site key", "SITE_LIMITER", KEYED],
	["speech without one", "IP_LIMITER", LEGACY],
	["speech without one", "LEGACY_LIMITER", LEGACY],
	["a conversation", "IP_LIMITER", CONVERSATION],
	["a conversation", "SITE_LIMITER", CONVERSATION],
	["a conversation's end", "IP_LIMITER", END],
	["a conversation's end", "SITE_LIMITER", END],
];

function from(address: string, sent: Sent, bindings: Overrides = {}): Sent {
	return {
		...sent,
		headers: { "CF-Connecting-IP": address, Origin: PAGE, ...sent.headers },
		env: { ...sent.env, ...bindings },
	};
}

/** Asserts a refusal that the page can read and that cost nothing. */
async function isRefused(
	make: (key: string) => Sent,
	bindings: Overrides,
	status: number,
	code: string,
	retryAfter: string | null,
	address = freshAddress(),
): Promise<void> {
	const key = vendorKey();
	// The site's limit counts whom this isolate knows to be admitted.
	if ("SITE_LIMITER" in bindings) await ask(from(freshAddress(), END("")));
	const answer = await ask(from(address, make(key), bindings));
	expect(answer.status).toBe(status);
	expect(answer.body).toEqual(envelope(answer, code));
	expect(answer.headers.get("Retry-After")).toBe(retryAfter);
	expect(answer.headers.get("Access-Control-Allow-Origin")).toBe(PAGE);
	expect(answer.headers.get("Access-Control-Expose-Headers")).toContain("Retry-After");
	expect(answer.headers.get("Vary")).toBe("Origin");
	expect(await callsOf(key)).toEqual([]);
	expect(await written()).toEqual(NOTHING_WRITTEN);
}

describe("a limit that is reached", () => {
	it.each(LIMITED)(
		"refuses %s (%s), readable for the page, with nothing written or asked",
		async (_, limiter, make) => {
			await isRefused(make, { [limiter]: FULL }, 429, "rate_limited", "60");
		},
	);

	it.each(LIMITED.filter(([, limiter]) => limiter !== "SITE_LIMITER"))(
		"refuses %s (%s) without a word to D1",
		async (_, limiter, make) => {
			const { db, touches } = untouchedDb();
			await isRefused(make, { [limiter]: FULL, DB: db }, 429, "rate_limited", "60");
			expect(touches).toEqual([]);
		},
	);

	it("of a client's address is 60 requests a minute, of whatever kind", async () => {
		await inOneMinute();
		const address = freshAddress();
		const before = await Promise.all([
			...Array.from({ length: 20 }, () => ask(from(address, { body: "{" }))),
			...Array.from({ length: 20 }, () => ask(from(address, session("", {}, { body: "{" })))),
			...Array.from({ length: 20 }, () => ask(from(address, { method: "GET", path: "/health" }))),
		]);
		expect(before.filter(({ status }) => status === 429)).toEqual([]);
		for (const make of [KEYED, LEGACY, CONVERSATION, END])
			await isRefused(make, {}, 429, "rate_limited", "60", address);
		expect((await ask(from(freshAddress(), { method: "GET", path: "/health" }))).status).toBe(200);
	});

	it.each([
		["speech", KEYED],
		["a conversation", CONVERSATION],
		["a conversation's end", END],
	])("of a site comes after what the site itself refuses: %s", async (_, make) => {
		const isRefusedWith = async (headers: Record<string, string>, status: number, code: string) => {
			const sent = make(vendorKey());
			const answer = await ask({
				...sent,
				headers: { ...sent.headers, ...headers },
				env: { ...sent.env, SITE_LIMITER: FULL },
			});
			expect(answer.body).toEqual(envelope(answer, code));
			expect(answer.status).toBe(status);
		};
		await isRefusedWith({ "X-Site-Key": "sk_nobody_live_abc123" }, 401, "invalid_site_key");
		await isRefusedWith({ Origin: "http://www.pannu.example" }, 403, "origin_not_allowed");
		await run("UPDATE portal_sites SET status = 'paused' WHERE id = 'site_pannu_dental'");
		await isRefusedWith({}, 403, "site_inactive");
		expect(await written()).toEqual(NOTHING_WRITTEN);
	});
});

describe("a limiter", () => {
	it.each(LIMITED)("that fails refuses %s (%s)", (_, limiter, make) =>
		isRefused(make, { [limiter]: BROKEN }, 503, "unavailable", "2"),
	);

	it.each(LIMITED)("that is missing is a fault of the configuration: %s (%s)", (_, limiter, make) =>
		isRefused(make, { [limiter]: undefined }, 503, "not_configured", null),
	);
});

describe("a client", () => {
	/** What a client can say of its own address. */
	const claims = (n: number): Record<string, string> => ({
		"X-Forwarded-For": `10.0.0.${n}`,
		"X-Real-IP": `10.0.0.${n}`,
		"True-Client-IP": `10.0.0.${n}`,
		Forwarded: `for=10.0.0.${n}`,
	});

	it("is counted by its address, or its IPv6 address's /64, whatever it says of itself", async () => {
		await inOneMinute();
		const call = (address: string, n: number) =>
			ask({ body: "{", headers: { "CF-Connecting-IP": address, ...claims(n) } });
		const answers = await Promise.all(Array.from({ length: 60 }, (_, n) => call(`2001:db8:405:1::${n + 1}`, n)));
		expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400]));
		expect((await call("2001:db8:405:1:ffff::1", 61)).status).toBe(429);
		expect((await call("2001:db8:405:2::1", 61)).status).toBe(400);
	});

	it("without a site key is counted the same way", async () => {
		await inOneMinute();
		const sent = LEGACY(vendorKey());
		const call = (address: string, n: number) =>
			hear({ ...sent, headers: { "CF-Connecting-IP": address, ...claims(n) } });
		await call("2001:db8:405:3::1", 1);
		const clips = await Promise.all(Array.from({ length: 9 }, (_, n) => call(`2001:db8:405:3::${n + 2}`, n)));
		// A cached clip counts as well.
		expect(new Set(clips.map(({ headers }) => headers.get("X-Cache")))).toEqual(new Set(["HIT"]));
		expect((await call("2001:db8:405:3:ffff::1", 11)).status).toBe(429);
		expect((await call("2001:db8:405:4::1", 11)).status).toBe(200);
	});

	it.each([
		["speech", KEYED],
		["a conversation", CONVERSATION],
	])("who changes addresses is counted by the site: %s", async (_, make) => {
		const counted: string[] = [];
		const limiter: RateLimit = {
			limit: ({ key }) => {
				counted.push(key);
				return Promise.resolve({ success: true });
			},
		};
		for (const address of ["192.0.2.1", "2001:db8:405:5::1"])
			await hear(from(address, make(vendorKey()), { SITE_LIMITER: limiter }));
		expect(counted).toEqual([PANNU_KEY, PANNU_KEY]);
	});

	it.each([
		["an origin that is not on the list", { Origin: "http://www.pannu.example" }, 403],
		["a key that is nobody's", { "X-Site-Key": "sk_nobody_live_abc123" }, 401],
	])("who is refused for %s takes nothing from the site's visitors", async (_, headers, status) => {
		await inOneMinute();
		const key = await freshSiteKey();
		const sent = (make: (key: string) => Sent, more: Record<string, string>) => {
			const base = from(freshAddress(), make(vendorKey()));
			return { ...base, headers: { ...base.headers, "X-Site-Key": key, ...more } };
		};
		for (let round = 0; round < 16; round++) {
			const refused = Array.from({ length: 40 }, (_, n) => ask(sent(n % 2 === 0 ? CONVERSATION : KEYED, headers)));
			expect(new Set((await Promise.all(refused)).map((answer) => answer.status))).toEqual(new Set([status]));
		}
		expect((await hear(sent(KEYED, {}))).status).toBe(200);
	});
});
