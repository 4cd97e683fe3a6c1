import { beforeAll, describe, expect, it } from "vitest";
import type { ClerkSettings } from "../clerk-config.ts";
import { verifySessionToken } from "../clerk-token.ts";
import { toApiError } from "../../../lib/http/errors.ts";
import { createInstance } from "./clerk-instance.ts";
import { claimPools, HEADER_POOLS, jsonOf, mutated, pick, seededRandom, tamperedText } from "./token-mutations.ts";
import type { Members } from "./token-mutations.ts";
import { brokenRules, callerBy, RULES } from "./token-rules.ts";
import type { Deployment, MadeToken } from "./token-rules.ts";
import { base64url, createSigningKey, signatureOf } from "../../../lib/test/tokens.ts";
import type { SigningKey } from "../../../lib/test/tokens.ts";

const SEED = 20_261_120;
const NOW_SECONDS = 1_800_000_000;
const NOW = NOW_SECONDS * 1000;
const PARTIES = ["https://portal.koby.ai", "https://www.koby.ai"];
const REFUSED = JSON.stringify({
	code: "unauthenticated",
	status: 401,
	message: "Sign in and send a valid session token as a Bearer token.",
	headers: { "WWW-Authenticate": "Bearer" },
});

interface Place {
	settings: ClerkSettings;
	rules: Deployment;
}

let keys: Record<"first" | "second" | "stranger", SigningKey>;
let issuer: string;
let places: [Place, ...Place[]];

/** One instance, judged by a deployment that fetches its keys and one that has the first pinned, each with one authorized party and with two. */
beforeAll(async () => {
	const [first, second] = [await createSigningKey(), await createSigningKey()];
	keys = { first, second, stranger: await createSigningKey(first.kid) };
	const { settings } = await createInstance(first, [first.jwk, second.jwk]);
	issuer = settings.issuer;
	const staff = ["user_2staff"];
	const published = new Map<unknown, MadeToken["signedBy"]>([
		[first.kid, "the instance's key"],
		[second.kid, "its second key"],
	]);
	const place = (isPinned: boolean, parties: string[]): Place => ({
		settings: {
			...settings,
			jwtKey: isPinned ? first.pem : undefined,
			authorizedParties: new Set(parties),
			staffUserIds: new Set(staff),
		},
		rules: { issuer, published: isPinned ? null : published, parties, staff, now: NOW_SECONDS },
	});
	const few = PARTIES.slice(0, 1);
	places = [place(false, few), place(false, PARTIES), place(true, few), place(true, PARTIES)];
});

function goodHeader(): Members {
	return { alg: '"RS256"', cat: '"cl_B7d4PD111AAA"', kid: JSON.stringify(keys.first.kid), typ: '"JWT"' };
}

/** An organization, or none, in the layout of one of the two versions. */
const ORGANIZATIONS: readonly [Members, ...Members[]] = [
	{ v: "2", o: '{"id":"org_2o","rol":"admin"}' },
	{ v: "2" },
	{ org_id: '"org_2flat"', org_role: '"org:admin"' },
	{},
];

function goodClaims(organization: Members = ORGANIZATIONS[0]): Members {
	const times = { iat: String(NOW_SECONDS), nbf: String(NOW_SECONDS - 10), exp: String(NOW_SECONDS + 60) };
	return {
		iss: JSON.stringify(issuer),
		sub: '"user_2abc"',
		sid: '"sess_2abc"',
		azp: '"https://portal.koby.ai"',
		...times,
		...organization,
	};
}

function headerPools() {
	return {
		...HEADER_POOLS,
		kid: [
			...(HEADER_POOLS.kid ?? [undefined]),
			JSON.stringify(keys.first.kid),
			JSON.stringify(keys.second.kid),
		] as const,
	};
}

/** One person of many, with at most one thing wrong in the header and two in the claims. */
function mutatedParts(random: () => number): { header: string; claims: string } {
	const pools = claimPools(issuer, NOW_SECONDS);
	const { v, o, org_id, org_role, metadata, act } = pools;
	const person = mutated(random, goodClaims(pick(random, ORGANIZATIONS)), { v, o, org_id, org_role, metadata, act }, 2);
	const isHeaderGood = random() < 0.6;
	const header = isHeaderGood ? goodHeader() : mutated(random, goodHeader(), headerPools(), 1);
	return { header: jsonOf(header), claims: jsonOf(mutated(random, person, pools, 2)) };
}

async function tokenText(
	{ header, claims }: { header: string; claims: string },
	key: SigningKey,
	algorithm: "RS256" | "none" | "HS256" = "RS256",
): Promise<string> {
	const input = `${base64url(header)}.${base64url(claims)}`;
	return `${input}.${base64url(await signatureOf(input, key, algorithm))}`;
}

interface Signed {
	token: MadeToken;
	text: string;
}

/** Signed as it should be nine times in ten. */
async function signed(random: () => number, parts: { header: string; claims: string }): Promise<Signed> {
	if (random() < 0.9)
		return { token: { ...parts, signedBy: "the instance's key" }, text: await tokenText(parts, keys.first) };
	const [signedBy, key, algorithm] = pick<[MadeToken["signedBy"], SigningKey, "RS256" | "none" | "HS256"]>(random, [
		["its second key", keys.second, "RS256"],
		["a stranger's key", keys.stranger, "RS256"],
		[null, keys.first, "none"],
		[null, keys.first, "HS256"],
	]);
	const named = { ...parts, header: parts.header.replace('"RS256"', `"${algorithm}"`) };
	return { token: { ...named, signedBy }, text: await tokenText(named, key, algorithm) };
}

/** The caller or the refusal, as JSON. */
async function verdict(authorization: string, { settings }: Place): Promise<string> {
	try {
		return JSON.stringify(await verifySessionToken(authorization, settings, NOW));
	} catch (thrown) {
		const { code, status, message, headers } = toApiError(thrown);
		return JSON.stringify({ code, status, message, headers });
	}
}

/** What is known of the tokens that were tried. */
interface Findings {
	/** How often a rule was the only one that a token broke. */
	brokenAlone: Map<string, number>;
	/** The callers that were let in. */
	accepted: Set<string>;
	/** Where a verdict differs from what the rules give. */
	wrong: unknown[];
}

/** Holds the verdict on a token at one place against the rules there. */
async function judge({ token, text }: Signed, place: Place, { brokenAlone, accepted, wrong }: Findings): Promise<void> {
	const broken = brokenRules(token, place.rules);
	const wanted = broken.length === 0 ? JSON.stringify(callerBy(token, place.rules)) : REFUSED;
	const given = await verdict(`Bearer ${text}`, place);
	if (given !== wanted) wrong.push({ token, broken, wanted, given });
	if (wanted !== REFUSED) accepted.add(wanted);
	const [only, ...others] = broken;
	if (only !== undefined && others.length === 0) brokenAlone.set(only, (brokenAlone.get(only) ?? 0) + 1);
}

/** Holds 60 misspellings of a token's text against the one verdict they may get. */
async function judgeSpellings(
	random: () => number,
	text: string,
	wanted: string,
): Promise<{ tampered: number; wrong: unknown[] }> {
	let tampered = 0;
	const wrong: unknown[] = [];
	for (let turn = 0; turn < 60; turn++) {
		const other = tamperedText(random, text);
		if (other !== text) tampered++;
		const given = await verdict(`Bearer ${other}`, pick(random, places));
		if (given !== (other === text ? wanted : REFUSED)) wrong.push({ text, other, given });
	}
	return { tampered, wrong };
}

describe("a session token", () => {
	it("gets of each deployment exactly the verdict and the caller that the rules give it", {
		timeout: 60_000,
	}, async () => {
		const random = seededRandom(SEED);
		const brokenAlone = new Map(Object.keys(RULES).map((name) => [name, 0]));
		const findings: Findings = { brokenAlone, accepted: new Set(), wrong: [] };
		for (let count = 0; count < 1500; count++) {
			const one = await signed(random, mutatedParts(random));
			for (const place of [pick(random, places), pick(random, places)]) await judge(one, place, findings);
		}
		expect(findings.wrong.slice(0, 3)).toEqual([]);
		expect([...brokenAlone].filter(([, times]) => times < 5)).toEqual([]);
		expect(findings.accepted.size).toBeGreaterThan(25);
	});

	it("passes in no other spelling than its own", { timeout: 60_000 }, async () => {
		const random = seededRandom(SEED + 1);
		let tampered = 0;
		const wrong: unknown[] = [];
		for (let count = 0; count < 40; count++) {
			const parts = {
				header: jsonOf(goodHeader()),
				claims: jsonOf({ ...goodClaims(), jti: JSON.stringify(String(random())) }),
			};
			const text = await tokenText(parts, keys.first);
			const wanted = JSON.stringify(callerBy({ ...parts, signedBy: "the instance's key" }, places[0].rules));
			const judged = await judgeSpellings(random, text, wanted);
			tampered += judged.tampered;
			wrong.push(...judged.wrong);
		}
		expect(wrong.slice(0, 3)).toEqual([]);
		expect(tampered).toBeGreaterThan(2000);
	});

	it("gets the same answer in version 1 and version 2 for the same person", { timeout: 60_000 }, async () => {
		const random = seededRandom(SEED + 2);
		const { v: _v, o: _o, org_id: _id, org_role: _role, ...pools } = claimPools(issuer, NOW_SECONDS);
		const answers = new Set<string>();
		const wrong: unknown[] = [];
		for (let count = 0; count < 300; count++) {
			const person = mutated(random, goodClaims({}), pools, 2);
			const id = pick(random, [undefined, "org_2one", "org_2two"]);
			const role = pick(random, ["admin", "member", "billing", "org:admin", "Admin"]);
			const claims1 = jsonOf(
				id === undefined
					? person
					: { ...person, org_id: JSON.stringify(id), org_role: JSON.stringify(pick(random, [role, `org:${role}`])) },
			);
			const claims2 = jsonOf(
				id === undefined
					? { ...person, v: "2" }
					: { ...person, v: "2", o: JSON.stringify({ id, rol: role, slg: "a-slug" }) },
			);
			const header = jsonOf(goodHeader());
			const place = pick(random, places);
			const [one, two] = await Promise.all(
				[claims1, claims2].map(async (claims) =>
					verdict(`Bearer ${await tokenText({ header, claims }, keys.first)}`, place),
				),
			);
			if (one !== two) wrong.push({ claims1, claims2, one, two });
			answers.add(String(one));
		}
		expect(wrong.slice(0, 3)).toEqual([]);
		expect(answers).toContain(REFUSED);
		expect(answers.size).toBeGreaterThan(10);
	});
});
