import { describe, expect, it } from "vitest";
import { callerOf } from "../clerk-claims.ts";

const NOW = 1_800_000_000_000;
const SECONDS = NOW / 1000;
const ISSUER = "https://clerk.koby.test";
const GOOD = { iss: ISSUER, sub: "user_2abc", sid: "sess_2abc", exp: SECONDS + 60, iat: SECONDS, nbf: SECONDS - 10 };

function caller(
	claims: Record<string, unknown>,
	{ parties = [], staff = [], isLocal = false }: { parties?: string[]; staff?: string[]; isLocal?: boolean } = {},
) {
	// Through JSON, as a token's claims come: what is undefined is absent.
	const read: unknown = JSON.parse(JSON.stringify({ ...GOOD, ...claims }));
	const lists = { authorizedParties: new Set(parties), staffUserIds: new Set(staff) };
	const settings = { issuer: ISSUER, admitsLoopbackParties: isLocal, ...lists };
	return callerOf({ ...Object(read) }, settings, NOW);
}

function refusal(reason: string) {
	return expect.objectContaining({
		code: "unauthenticated",
		status: 401,
		headers: { "WWW-Authenticate": "Bearer" },
		reason,
	});
}

describe("the claims of a session", () => {
	it.each([
		["issuer_mismatch", { iss: undefined }],
		["issuer_mismatch", { iss: `${ISSUER}/` }],
		["issuer_mismatch", { iss: "https://clerk.other.test" }],
		["issuer_mismatch", { iss: [ISSUER] }],
		["expiry_missing", { exp: undefined }],
		["expiry_missing", { exp: null }],
		["expiry_missing", { exp: String(SECONDS + 60) }],
		["token_expired", { exp: SECONDS - 5 }],
		["token_expired", { exp: SECONDS - 6 }],
		["token_expired", { exp: SECONDS - 3600 }],
		["token_expired", { exp: -1 }],
		["lifetime_too_long", { exp: SECONDS + 86_401 }],
		["lifetime_too_long", { exp: SECONDS + 86_406, iat: undefined }],
		["lifetime_too_long", { exp: SECONDS + 60, iat: SECONDS - 86_400 }],
		["token_not_yet_valid", { nbf: SECONDS + 6 }],
		["token_not_yet_valid", { nbf: String(SECONDS) }],
		["token_not_yet_valid", { nbf: null }],
		["issued_in_the_future", { iat: SECONDS + 6 }],
		["issued_in_the_future", { iat: SECONDS + 3600, exp: SECONDS + 3660 }],
		["issued_in_the_future", { iat: String(SECONDS) }],
		["subject_not_a_user", { sub: undefined }],
		["subject_not_a_user", { sub: "" }],
		["subject_not_a_user", { sub: 5 }],
		["subject_not_a_user", { sub: "mch_2abc" }],
		["subject_not_a_user", { sub: "user_" }],
		["subject_not_a_user", { sub: "user_a b" }],
		["subject_not_a_user", { sub: "user_2abc\n" }],
		["subject_not_a_user", { sub: ["user_2abc"] }],
		["session_missing", { sid: undefined }],
		["session_missing", { sid: "" }],
		["session_missing", { sid: 7 }],
		["session_pending", { sts: "pending" }],
	])("are refused as %s for %j", (reason, claims) => {
		expect(() => caller(claims)).toThrow(refusal(reason));
	});

	it.each([
		[{ exp: SECONDS - 4 }],
		[{ nbf: SECONDS + 4 }],
		[{ iat: SECONDS + 4, exp: SECONDS + 64 }],
		[{ nbf: undefined, iat: undefined }],
		[{ exp: SECONDS + 86_400 }],
		[{ sts: "active" }],
		[{ aud: "anything" }],
		[{ azp: undefined }],
	])("are accepted with %j", (claims) => {
		expect(caller(claims)).toMatchObject({ userId: "user_2abc", sessionId: "sess_2abc" });
	});

	it("are refused while the session waits for a task, whoever it is", () => {
		for (const claims of [
			{},
			{ metadata: { role: "staff" } },
			{ act: { sub: "user_2act" } },
			{ v: 2, o: { id: "org_2xyz", rol: "admin" } },
		]) {
			expect(() => caller({ ...claims, sts: "pending" }, { staff: ["user_2abc"] })).toThrow(refusal("session_pending"));
		}
	});

	it("are refused when exp is beyond every number", () => {
		const claims = { ...GOOD, ...Object(JSON.parse('{"exp":1e400}')) };
		const lists = { authorizedParties: new Set<string>(), staffUserIds: new Set<string>() };
		const settings = { issuer: ISSUER, admitsLoopbackParties: false, ...lists };
		expect(() => callerOf(claims, settings, NOW)).toThrow(refusal("expiry_missing"));
	});
});

describe("the authorized parties", () => {
	const parties = ["https://portal.koby.ai", "https://www.koby.ai"];

	it("admit exactly their own", () => {
		expect(caller({ azp: "https://www.koby.ai" }, { parties })).toMatchObject({ userId: "user_2abc" });
	});

	it.each([[parties], [[]]])("admit a token that names no page, whatever pages are ours (%j)", (ours) => {
		expect(caller({ azp: undefined }, { parties: ours })).toMatchObject({ userId: "user_2abc" });
	});

	it.each(["https://portal.koby.ai", "http://localhost:3000", "*", "", []])(
		"are nobody where no page is ours: azp %j is refused",
		(azp) => {
			expect(() => caller({ azp }, { parties: [] })).toThrow(refusal("party_not_authorized"));
		},
	);

	it.each(["http://localhost:3000", "https://localhost", "http://127.0.0.1:5173", "http://[::1]:8080"])(
		"are any page of this machine in development, and only there: %s",
		(azp) => {
			expect(caller({ azp }, { parties, isLocal: true })).toMatchObject({ userId: "user_2abc" });
			expect(() => caller({ azp }, { parties })).toThrow(refusal("party_not_authorized"));
		},
	);

	it.each([
		"http://localhost:3000/",
		"http://localhost.evil.test",
		"http://evil.test#localhost",
		"ftp://localhost",
		"localhost:3000",
		"null",
	])("are no page of this machine that only sounds like one: %s", (azp) => {
		expect(() => caller({ azp }, { parties, isLocal: true })).toThrow(refusal("party_not_authorized"));
	});

	it.each([
		"",
		null,
		"https://evil.test",
		"https://portal.koby.ai/",
		"https://portal.koby.ai.evil.test",
		["https://portal.koby.ai"],
	])("refuse azp %j", (azp) => {
		expect(() => caller({ azp }, { parties })).toThrow(refusal("party_not_authorized"));
	});
});

describe("the active organization", () => {
	it.each([
		["admin", "admin"],
		["org:admin", "admin"],
		["org:org:admin", "admin"],
		["member", "member"],
		["org:member", "member"],
		["org:billing", "member"],
		["Admin", "member"],
		["admin ", "member"],
		["org:", "member"],
		["org:koby_staff", "member"],
		[null, "member"],
		[undefined, "member"],
		[["admin"], "member"],
	])("with role %j makes the same %s in both versions", (role, expected) => {
		const version1 = caller({ org_id: "org_2xyz", org_role: role });
		const version2 = caller({ v: 2, o: { id: "org_2xyz", rol: role } });
		expect(version1).toEqual({
			userId: "user_2abc",
			sessionId: "sess_2abc",
			orgId: "org_2xyz",
			role: expected,
			staff: false,
			impersonated: false,
			impersonatorId: null,
		});
		expect(version2).toEqual(version1);
	});

	it.each([
		["nothing in version 1", {}],
		["nothing in version 2", { v: 2 }],
		["version 1's claims in version 2", { v: 2, org_id: "org_2xyz", org_role: "org:admin" }],
		["version 2's claim in version 1", { o: { id: "org_2xyz", rol: "admin" } }],
		["version 2's claim with v as text", { v: "2", o: { id: "org_2xyz", rol: "admin" } }],
		["version 2's claim with v 3", { v: 3, o: { id: "org_2xyz", rol: "admin" } }],
		["a role alone", { v: 2, o: { rol: "admin" } }],
		["an empty id", { org_id: "", org_role: "org:admin" }],
		["an id that is no text", { v: 2, o: { id: ["org_2xyz"], rol: "admin" } }],
		["a list", { v: 2, o: ["org_2xyz"] }],
		["null", { v: 2, o: null }],
	])("is none, and so is the role, when the claims hold %s", (_name, claims) => {
		expect(caller(claims)).toMatchObject({ orgId: null, role: null });
	});

	it("is version 1's for any other v", () => {
		expect(caller({ v: 1, org_id: "org_2xyz", org_role: "org:admin" })).toMatchObject({
			orgId: "org_2xyz",
			role: "admin",
		});
	});
});

describe("staff", () => {
	it("is who public metadata or STAFF_USER_IDS names", () => {
		expect(caller({ metadata: { role: "staff" } })).toMatchObject({ staff: true, impersonated: false });
		expect(caller({}, { staff: ["user_1", "user_2abc"] })).toMatchObject({ staff: true });
	});

	it.each([
		[{ metadata: { role: "Staff" } }],
		[{ metadata: { role: ["staff"] } }],
		[{ metadata: { role: true } }],
		[{ metadata: "staff" }],
		[{ metadata: '{"role":"staff"}' }],
		[{ metadata: ["staff"] }],
		[{ metadata: null }],
		[{ public_metadata: { role: "staff" } }],
		[{ unsafe_metadata: { role: "staff" } }],
		[{ role: "staff" }],
		[{ staff: true }],
		[{ v: 2, o: { id: "org_koby", rol: "staff", slg: "koby" } }],
		[{ org_id: "org_koby", org_role: "org:staff" }],
		[{ email: "someone@koby.ai" }],
	])("is never whom %j names", (claims) => {
		expect(caller(claims, { staff: ["user_2abcd", "USER_2ABC"] })).toMatchObject({ staff: false });
	});

	it.each([
		[{ iss: "https://dashboard.clerk.com", sid: "sess_2act", sub: "user_2act" }, "user_2act"],
		[{ sub: "agent_2xyz", type: "agent" }, "agent_2xyz"],
		[{ sub: "user_2act\nuser_1" }, "unknown"],
		[{ sub: "" }, "unknown"],
		[{ sub: ["user_2act"] }, "unknown"],
		[{ sub: "u".repeat(101) }, "unknown"],
		["user_2act", "unknown"],
		[null, "unknown"],
	])("who acts in another's name is named for the log, or told to be unknown: act %j", (act, impersonatorId) => {
		expect(caller({ act })).toMatchObject({ userId: "user_2abc", impersonated: true, impersonatorId });
	});

	it.each([{ sub: "user_2act" }, {}, null, "user_2act"])(
		"is lost while someone else acts in the person's name: act %j",
		(act) => {
			expect(caller({ act, metadata: { role: "staff" } }, { staff: ["user_2abc"] })).toMatchObject({
				staff: false,
				impersonated: true,
			});
		},
	);
});
