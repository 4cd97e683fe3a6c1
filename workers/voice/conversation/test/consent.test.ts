import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { callsOf } from "../../../local/stand-ins/control.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import { parseSite, siteStatement } from "../../../lib/site/site.ts";
import { consentVersion, visitorNotice } from "../../../lib/consent/visitor-notice.ts";
import { PANNU_KEY, ask, hear, send, session, speech, vendorKey } from "../../test/client.ts";
import type { Sent } from "../../test/client.ts";
import { allowConversations, rows, run, watchedDb } from "../../test/d1.ts";

/** Past the age at which a remembered site no longer counts. */
const LATER_MS = 31_000;
const OTHER = "0123456789abcdef";

beforeEach(async () => {
	await resetDatabase(env.DB);
	await allowConversations();
});
afterEach(() => {
	vi.useRealTimers();
});

const set = (columns: string) => run(`UPDATE org_config SET ${columns} WHERE org_id = 'org_pannu_dental'`);

async function currentVersion(): Promise<string> {
	const statement = siteStatement(env.DB, { siteKey: PANNU_KEY, now: new Date().toISOString() });
	const [row] = (await statement.all<Record<string, string>>()).results;
	return row === undefined ? "" : consentVersion(visitorNotice(parseSite(row), "en"));
}

function agreeing(sent: Sent, version: string | undefined): Sent {
	return { ...sent, headers: { ...sent.headers, ...(version === undefined ? {} : { "X-Consent": version }) } };
}

const ROUTES: [string, (key: string) => Sent][] = [
	["speech", (key) => speech("A text to which nobody has agreed yet.", key)],
	["a conversation", (key) => session(key)],
];

describe.each(ROUTES)("%s, where consent is required", (_, route) => {
	it.each([
		["no consent", undefined],
		["a consent to another text", OTHER],
	])("with %s asks and spends nothing", async (_, version) => {
		await set("consent = 'required'");
		const key = vendorKey();
		for (const isKnown of [false, true]) {
			if (!isKnown) vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + LATER_MS });
			const answer = await ask(agreeing(route(key), version));
			expect(answer.status).toBe(403);
			expect(answer.body).toMatchObject({
				error: { code: "consent_required", consent_version: await currentVersion() },
			});
		}
		expect(await callsOf(key)).toEqual([]);
		const spent =
			"(SELECT COUNT(*) FROM usage_daily) + (SELECT COUNT(*) FROM voice_sessions) + (SELECT COUNT(*) FROM turns)";
		expect(await rows(`SELECT ${spent} AS spent`)).toEqual([{ spent: 0 }]);
	});

	it("with it is served, whether or not this isolate remembers the site", async () => {
		await set("audience = 'adults'");
		const version = await currentVersion();
		for (const isKnown of [false, true]) {
			if (!isKnown) vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + LATER_MS });
			const { response, settled } = await send(agreeing(route(vendorKey()), version));
			expect(response.status).toBeLessThan(300);
			await response.arrayBuffer();
			await settled();
		}
	});
});

describe("a clip that was spoken before", () => {
	it("is not given without consent, and with it without a round trip", async () => {
		await set("consent = 'required'");
		const version = await currentVersion();
		const clip = speech("A clip that was spoken before.", vendorKey());
		await hear(agreeing(clip, version));
		const { db } = watchedDb();
		for (const missing of [undefined, OTHER]) expect((await hear(agreeing(clip, missing))).status).toBe(403);
		const down = watchedDb(() => Promise.reject(new Error("D1_ERROR: overloaded")));
		const known = await hear(agreeing({ ...clip, env: { ...clip.env, DB: down.db } }, version));
		expect(known.headers.get("X-Cache")).toBe("HIT");
		vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + LATER_MS });
		const unknown = { ...clip, env: { ...clip.env, DB: db } };
		expect((await hear(agreeing(unknown, undefined))).status).toBe(403);
		expect((await hear(agreeing(unknown, version))).headers.get("X-Cache")).toBe("HIT");
	});
});

describe("a conversation", () => {
	it("keeps the version that its visitor has agreed to, required or not", async () => {
		await set("consent = 'required'");
		const version = await currentVersion();
		expect((await ask(agreeing(session(vendorKey()), version))).status).toBe(201);
		await set("consent = 'notice'");
		expect((await ask(agreeing(session(vendorKey()), "no version"))).status).toBe(201);
		expect(await rows("SELECT consent_version FROM voice_sessions ORDER BY rowid")).toEqual([
			{ consent_version: version },
			{ consent_version: null },
		]);
	});
});
