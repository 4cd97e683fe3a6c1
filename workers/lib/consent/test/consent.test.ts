import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { batch } from "../../d1/batch.ts";
import { resetDatabase } from "../../test/database.ts";
import { LANGUAGES } from "../../languages/languages.ts";
import { agreedSql, consentRequired, isConsentRequired, isCurrentConsent, noticeStamp } from "../consent.ts";
import { parseSite, siteStatement } from "../../site/site.ts";
import type { Site } from "../../site/site.ts";
import { consentVersion, visitorNotice } from "../visitor-notice.ts";

const KEY = "sk_chadis_live_abc123";

beforeEach(() => resetDatabase(env.DB));

async function readSite(): Promise<Site> {
	const caller = { siteKey: KEY, now: new Date().toISOString() };
	const [[row] = []] = await batch(env.DB, [siteStatement(env.DB, caller)]);
	if (row === undefined) throw new Error("no such site");
	return parseSite(row);
}

/** Whether SQL lets a statement write for a visitor who has agreed to this. */
async function isAgreed(agreedTo: string | null): Promise<boolean> {
	const sql = `SELECT 1 FROM portal_sites s JOIN orgs o ON o.id = s.org_id WHERE s.site_key = ?1 AND ${agreedSql("?2")}`;
	const { results } = await env.DB.prepare(sql).bind(KEY, agreedTo).all();
	return results.length === 1;
}

const set = (columns: string) => env.DB.prepare(`UPDATE org_config SET ${columns} WHERE org_id = 'org_chadis'`).run();

describe("whether a visitor must agree", () => {
	it.each([
		["nothing is set", "consent = NULL, audience = NULL", false],
		["visitors are told", "consent = 'notice'", false],
		["everybody may write", "consent = 'none', audience = 'general'", false],
		["they are asked", "consent = 'required'", true],
		["only adults may write", "audience = 'adults'", true],
		["only adults may write, and visitors are told", "consent = 'notice', audience = 'adults'", true],
	])("is decided alike by SQL and by code where %s", async (_, columns, isRequired) => {
		await set(columns);
		const site = await readSite();
		expect(isConsentRequired(site)).toBe(isRequired);
		expect(await isAgreed(null)).toBe(!isRequired);
		expect(await isAgreed("0.0.0.0 Nobody")).toBe(!isRequired);
		expect(await isAgreed(noticeStamp(site))).toBe(true);
	});

	it("is not asked of an org without a configuration", async () => {
		await env.DB.prepare("DELETE FROM org_config WHERE org_id = 'org_chadis'").run();
		expect(isConsentRequired(await readSite())).toBe(false);
		expect(await isAgreed(null)).toBe(true);
	});
});

describe("what a visitor has agreed to", () => {
	it("counts in every language that it is shown in, and in no other form", async () => {
		await set("consent = 'required', locale = 'de'");
		const site = await readSite();
		const versions = await Promise.all(LANGUAGES.map((language) => consentVersion(visitorNotice(site, language))));
		expect(new Set(versions).size).toBe(LANGUAGES.length);
		for (const version of versions) expect(await isCurrentConsent(site, version)).toBe(true);
		expect(await isCurrentConsent(site, "0123456789abcdef")).toBe(false);
		expect(await isCurrentConsent(site, null)).toBe(false);
	});

	it("is, for who has agreed to nothing yet, the text of the org's language", async () => {
		await set("locale = 'de-AT'");
		const site = await readSite();
		expect((await consentRequired(site)).consentVersion).toBe(await consentVersion(visitorNotice(site, "de")));
	});

	it.each([
		["the words", "UPDATE org_config SET ai_notice = 'An AI, anew.' WHERE org_id = 'org_chadis'"],
		["the practice's name", "UPDATE org_config SET display_name = 'Anew' WHERE org_id = 'org_chadis'"],
		["what is kept", "UPDATE org_config SET privacy = 'no_store' WHERE org_id = 'org_chadis'"],
		[
			"where it is told of privacy",
			"UPDATE org_config SET privacy_url = 'https://x.example/' WHERE org_id = 'org_chadis'",
		],
		["the org's name", "UPDATE orgs SET name = 'Anew' WHERE id = 'org_chadis'"],
	])("counts no more once %s changed, in SQL nor in code", async (_, change) => {
		await set("consent = 'required', display_name = NULL");
		const before = await readSite();
		const version = await consentVersion(visitorNotice(before, "en"));
		expect(await isCurrentConsent(before, version)).toBe(true);
		await env.DB.prepare(change).run();
		expect(await isAgreed(noticeStamp(before))).toBe(false);
		const after = await readSite();
		expect(await isCurrentConsent(after, version)).toBe(false);
		expect(await isAgreed(noticeStamp(after))).toBe(true);
	});
});
