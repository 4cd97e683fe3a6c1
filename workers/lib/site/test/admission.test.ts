import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { batch } from "../../d1/batch.ts";
import { ApiError, notConfigured } from "../../http/errors.ts";
import { resetDatabase } from "../../test/database.ts";
import { ADMITTED_SQL, HAS_KEY_SQL, admissionParameters, requireAdmitted } from "../admission.ts";
import { originFacts } from "../origin.ts";
import { parseSite, siteStatement } from "../site.ts";

const NOW = "2026-06-15T12:00:00.000Z";

interface Case {
	title: string;
	/** The key that the caller sends; absent = the site's own. */
	sent?: string;
	key?: string;
	previousKey?: string;
	graceEnds?: string;
	status?: string;
	orgStatus?: string;
	/** The column as it is stored: JSON or NULL. */
	allowedOrigins?: string | null;
	origin?: string;
	/** The org's provider_policy; absent = it has no row of configuration. */
	policy?: "any" | "baa" | null;
	/** The deployment has nothing covered that could be asked. */
	isUncovered?: boolean;
	/** The error's code, or admitted. */
	verdict: string;
}

const LIVE = "sk_case_live_abc123";
const TEST = "sk_case_test_abc123";
const DEV = "sk_case_dev_abc123";
const LIST = '["https://a.example","https://b.example:8443"]';

/** One row a rule, and the rows just beside it. Both ways of deciding go through all of them. */
const CASES: Case[] = [
	{ title: "an open site and a server", verdict: "admitted" },
	{ title: "an open site and an https page", origin: "https://any.example", verdict: "admitted" },
	{ title: "an open site and an http page", origin: "http://any.example", verdict: "origin_not_allowed" },
	{ title: "an open site and a sandboxed page", origin: "null", verdict: "origin_not_allowed" },
	{ title: "an open site and no origin at all", origin: "", verdict: "origin_not_allowed" },
	{ title: "an open live site and this machine", origin: "http://localhost:3000", verdict: "origin_not_allowed" },
	{ title: "an open live site and this machine by https", origin: "https://localhost", verdict: "origin_not_allowed" },
	{ title: "an open test site and this machine", key: TEST, origin: "http://localhost:3000", verdict: "admitted" },
	{ title: "an open dev site and this machine", key: DEV, origin: "http://127.0.0.1", verdict: "admitted" },
	{
		title: "an open test site and an http page",
		key: TEST,
		origin: "http://any.example",
		verdict: "origin_not_allowed",
	},
	{ title: "a listed page", allowedOrigins: LIST, origin: "https://a.example", verdict: "admitted" },
	{ title: "a listed page with a port", allowedOrigins: LIST, origin: "https://b.example:8443", verdict: "admitted" },
	{
		title: "a listed host on another port",
		allowedOrigins: LIST,
		origin: "https://b.example",
		verdict: "origin_not_allowed",
	},
	{
		title: "a page below a listed host",
		allowedOrigins: LIST,
		origin: "https://x.a.example",
		verdict: "origin_not_allowed",
	},
	{
		title: "a listed host in other letters",
		allowedOrigins: LIST,
		origin: "https://A.example",
		verdict: "origin_not_allowed",
	},
	{ title: "a list and a server", allowedOrigins: LIST, verdict: "admitted" },
	{
		title: "a list, a test key and this machine",
		key: TEST,
		allowedOrigins: LIST,
		origin: "http://localhost:1",
		verdict: "admitted",
	},
	{
		title: "a list, a live key and this machine",
		allowedOrigins: LIST,
		origin: "http://localhost:1",
		verdict: "origin_not_allowed",
	},
	{
		title: "an empty list and a page",
		allowedOrigins: "[]",
		origin: "https://a.example",
		verdict: "origin_not_allowed",
	},
	{ title: "an empty list and a server", allowedOrigins: "[]", verdict: "admitted" },
	{
		title: "an empty list, a dev key and this machine",
		key: DEV,
		allowedOrigins: "[]",
		origin: "http://localhost",
		verdict: "admitted",
	},
	{ title: "a paused site", status: "paused", verdict: "site_inactive" },
	{ title: "an archived site", status: "archived", verdict: "site_inactive" },
	{ title: "a paused site of a churned org", status: "paused", orgStatus: "churned", verdict: "site_inactive" },
	{ title: "a churned org", orgStatus: "churned", verdict: "org_inactive" },
	{ title: "an inactive org", orgStatus: "inactive", verdict: "org_inactive" },
	{
		title: "an inactive org and a foreign page",
		orgStatus: "inactive",
		allowedOrigins: "[]",
		origin: "https://a.example",
		verdict: "org_inactive",
	},
	{ title: "an org that lets anyone be asked, uncovered", policy: "any", isUncovered: true, verdict: "admitted" },
	{ title: "an org that says nothing of it, uncovered", policy: null, isUncovered: true, verdict: "admitted" },
	{ title: "an org without a configuration, uncovered", isUncovered: true, verdict: "admitted" },
	{ title: "an org that demands an agreement", policy: "baa", verdict: "admitted" },
	{ title: "an org that demands an agreement, uncovered", policy: "baa", isUncovered: true, verdict: "not_configured" },
	{
		title: "an org that demands an agreement, a test key and this machine",
		key: TEST,
		policy: "baa",
		origin: "http://localhost:1",
		verdict: "admitted",
	},
	{
		title: "an org that demands an agreement, a test key and this machine, uncovered",
		key: TEST,
		policy: "baa",
		isUncovered: true,
		origin: "http://localhost:1",
		verdict: "not_configured",
	},
	{
		title: "an org that demands an agreement and a foreign page, uncovered",
		policy: "baa",
		isUncovered: true,
		allowedOrigins: "[]",
		origin: "https://a.example",
		verdict: "origin_not_allowed",
	},
	{ title: "an org on trial", orgStatus: "trialing", verdict: "admitted" },
	{ title: "an org that owes", orgStatus: "past_due", verdict: "admitted" },
	{ title: "the key of nobody", sent: "sk_case_live_nobody", verdict: "unknown" },
	{
		title: "the key before the rotation, within its grace",
		sent: "sk_case_live_old123",
		previousKey: "sk_case_live_old123",
		graceEnds: "2026-06-15T12:00:00.001Z",
		verdict: "admitted",
	},
	{
		title: "the key before the rotation, at the end of its grace",
		sent: "sk_case_live_old123",
		previousKey: "sk_case_live_old123",
		graceEnds: NOW,
		verdict: "unknown",
	},
	{
		title: "the key before the rotation, whose grace was ended",
		sent: "sk_case_live_old123",
		previousKey: "sk_case_live_old123",
		verdict: "unknown",
	},
];

async function insert(one: Case): Promise<void> {
	await batch(env.DB, [
		env.DB.prepare("INSERT INTO orgs (id, name, slug, status) VALUES ('org_case', 'Case', 'case', ?1)").bind(
			one.orgStatus ?? "active",
		),
		env.DB.prepare(`
			INSERT INTO portal_sites (id, org_id, site_key, name, status, allowed_origins, previous_key, previous_key_expires_at)
			VALUES ('site_case', 'org_case', ?1, 'Case', ?2, ?3, ?4, ?5)
		`).bind(
			one.key ?? LIVE,
			one.status ?? "active",
			one.allowedOrigins ?? null,
			one.previousKey ?? null,
			one.graceEnds ?? null,
		),
		...(one.policy === undefined
			? []
			: [env.DB.prepare("INSERT INTO org_config (org_id, provider_policy) VALUES ('org_case', ?1)").bind(one.policy)]),
	]);
}

function callerOf({ sent, key, origin, isUncovered = false }: Case) {
	const headers: Record<string, string> = origin === undefined ? {} : { Origin: origin };
	return {
		siteKey: sent ?? key ?? LIVE,
		origin: originFacts(new Request("https://w.example/", { headers })),
		now: NOW,
		uncovered: isUncovered ? notConfigured("COVERED_HOSTS") : undefined,
	};
}

beforeEach(() => resetDatabase(env.DB));

describe("a caller's admission", () => {
	it.each(CASES)("of $title is $verdict, by SQL and by TypeScript", async (one) => {
		await insert(one);
		const caller = callerOf(one);
		const [byKey = [], admitted = [], sites = []] = await batch(env.DB, [
			env.DB.prepare(`SELECT s.id FROM portal_sites s WHERE ${HAS_KEY_SQL}`).bind(caller.siteKey, NOW),
			env.DB.prepare(`SELECT s.id FROM portal_sites s JOIN orgs o ON o.id = s.org_id WHERE ${ADMITTED_SQL}`).bind(
				...admissionParameters(caller),
			),
			siteStatement(env.DB, caller),
		]);
		expect({ byKey: byKey.length, admitted: admitted.length, sites: sites.length }).toEqual({
			byKey: one.verdict === "unknown" ? 0 : 1,
			admitted: one.verdict === "admitted" ? 1 : 0,
			sites: one.verdict === "unknown" ? 0 : 1,
		});
		const [row] = sites;
		if (row === undefined) return;
		const judge = (): void => requireAdmitted(parseSite(row), caller);
		if (one.verdict === "admitted") return expect(judge).not.toThrow();
		expect(judge).toThrow(expect.objectContaining({ name: ApiError.name, code: one.verdict }));
	});
});
