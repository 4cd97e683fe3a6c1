/** Numbers in [0, 1) that follow from the seed alone (mulberry32), so that a failure can be had again. */
export function seededRandom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

export function pick<T>(random: () => number, items: readonly [T, ...T[]]): T {
	return items[Math.floor(random() * items.length)] ?? items[0];
}

/** JSON texts by member name; undefined leaves the member out. Texts, because JSON can say what no value becomes: 1e400. */
export type Members = Record<string, string | undefined>;

export function jsonOf(members: Members): string {
	const present = Object.entries(members).flatMap(([name, text]) =>
		text === undefined ? [] : [`${JSON.stringify(name)}:${text}`],
	);
	return `{${present.join(",")}}`;
}

type Pool = readonly [string | undefined, ...(string | undefined)[]];

const NO_TEXT = [undefined, "null", '""', "7", "true", "{}"] as const;

function quoted(...texts: string[]): string[] {
	return texts.map((text) => JSON.stringify(text));
}

/** What each member of the header may become, right or wrong. `kid` gets the published ids as well. */
export const HEADER_POOLS: Record<string, Pool> = {
	alg: [
		undefined,
		...quoted("RS256", "none", "HS256", "RS384", "RS512", "PS256", "ES256", "rs256", "RS256 "),
		"null",
		'["RS256"]',
	],
	typ: [...NO_TEXT, ...quoted("JWT", "jwt", "at+jwt", "application/at+jwt", "JWT ")],
	cat: [
		...NO_TEXT,
		...quoted("cl_B7d4PD111AAA", "cl_I7d4PD111III", "cl_B7d4PD222AAA", "cl_B7d4PD333AAA"),
		'["cl_B7d4PD111AAA"]',
	],
	kid: [...NO_TEXT, ...quoted("ins_nobody", "__proto__", "constructor")],
	crit: [undefined, '["exp"]', '["b64"]', "[]", "null", '"exp"'],
	jku: quoted("https://evil.test/jwks.json", "http://127.0.0.1/") as [string, ...string[]],
	oiat: ["1", "null"],
};

/** Seconds around every edge of the clock's rules, also between two whole ones. */
function instants(now: number): string[] {
	const offsets = [
		-86_401, -86_400, -3600, -60, -6, -5.5, -5, -4.5, -4, 0, 4, 4.5, 5, 5.5, 6, 60, 3600, 86_399, 86_400, 86_401,
		86_405, 86_406, 1e9,
	];
	return offsets.map((offset) => String(now + offset));
}

/** What each claim may become, right or wrong. */
export function claimPools(issuer: string, now: number): Record<string, Pool> {
	const noInstant = [undefined, "null", `"${now}"`, "true", "[]", "1e400", "-1e400", "-1", "0", "1e-9"];
	const times: Pool = [undefined, ...noInstant, ...instants(now)];
	return {
		iss: [
			...NO_TEXT,
			...quoted(issuer, `${issuer}/`, issuer.toUpperCase(), issuer.replace("https", "http"), `${issuer}.evil.test`),
			`["${issuer}"]`,
		],
		exp: times,
		nbf: times,
		iat: times,
		sub: [
			...NO_TEXT,
			...quoted(
				"user_2abc",
				"user_2staff",
				"user_",
				"USER_2abc",
				"mch_2abc",
				"user_2abc\n",
				"user_a b",
				"user_é",
				"org_2abc",
			),
			'["user_2abc"]',
		],
		sid: [...NO_TEXT, ...quoted("sess_2abc", "s", " ")],
		sts: [undefined, ...quoted("pending", "active", "Pending", ""), "null", '["pending"]'],
		azp: [
			...NO_TEXT,
			...quoted("https://portal.koby.ai", "https://portal.koby.ai/", "https://www.koby.ai", "https://evil.test"),
			'["https://portal.koby.ai"]',
		],
		v: [undefined, "1", "2", '"2"', "3", "2.0", "2.5", "null", "true", "[2]"],
		o: [
			undefined,
			"null",
			"[]",
			'["org_2o"]',
			'{"id":"org_2o","rol":"admin"}',
			'{"id":"org_2o","rol":"member"}',
			'{"id":"org_2o"}',
			'{"id":"","rol":"admin"}',
			'{"id":7,"rol":"admin"}',
			'{"rol":"admin"}',
		],
		org_id: [...NO_TEXT, ...quoted("org_2flat", " "), '["org_2flat"]'],
		org_role: [
			...NO_TEXT,
			...quoted(
				"admin",
				"org:admin",
				"org:org:admin",
				"org:member",
				"org:billing",
				"org::admin",
				"Admin",
				"admin ",
				"org:",
				"xorg:admin",
			),
			'["admin"]',
		],
		metadata: [
			undefined,
			"null",
			'{"role":"staff"}',
			'{"role":"Staff"}',
			'{"role":["staff"]}',
			'{"role":true}',
			'"staff"',
			'["staff"]',
			"{}",
			'[{"role":"staff"}]',
		],
		act: [undefined, "null", '{"sub":"user_2act"}', '""', "{}", "false"],
		aud: quoted("anything", "") as [string, ...string[]],
		role: quoted("staff", "admin") as [string, ...string[]],
		unsafe_metadata: ['{"role":"staff"}'],
	};
}

/** Members with up to `most` of them replaced from their pools. */
export function mutated(
	random: () => number,
	members: Members,
	pools: Record<string, Pool | undefined>,
	most: number,
): Members {
	const [first = "", ...others] = Object.keys(pools);
	const changed = { ...members };
	for (let count = Math.floor(random() * (most + 1)); count > 0; count--) {
		const name = pick(random, [first, ...others]);
		changed[name] = pick(random, pools[name] ?? [undefined]);
	}
	return changed;
}

const ODD_CHARS = ["A", "z", "0", "-", "_", ".", "=", "+", "/", " ", "\n", "\t", "\0", "é", ",", '"'] as const;

/** A text that differs from the one given by one small thing, or is the same by chance. */
export function tamperedText(random: () => number, text: string): string {
	const at = Math.floor(random() * text.length);
	const [before, char, after] = [text.slice(0, at), text.charAt(at), text.slice(at + 1)];
	const [head = "", body = "", tail = ""] = text.split(".");
	return pick<() => string>(random, [
		() => before + pick(random, ODD_CHARS) + after,
		() => before + after,
		() => before + char + pick(random, ODD_CHARS) + after,
		() => before + (char === char.toUpperCase() ? char.toLowerCase() : char.toUpperCase()) + after,
		() => before,
		() => after,
		() => text + pick(random, ODD_CHARS),
		() => [head, tail, body].join("."),
		() => [head, body, ""].join("."),
		() => [head, body, tail, tail].join("."),
		() => text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) + 1),
		() => text,
	])();
}
