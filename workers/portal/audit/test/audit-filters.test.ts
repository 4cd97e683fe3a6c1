import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { observe } from "../../numbers/test/observe.ts";
import { createPortal, NOW } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, PANNU, admin, seedTwins } from "../../test/seed.ts";
import { emptyLog } from "./audit-client.ts";

let portal: Portal;

interface Entry {
	id: number;
	at: string;
	user_id: string;
	action: string;
	kind: string;
	target: string;
}

const ACTIONS = ["config.update", "conversation.read", "knowledge.create", "lead.list", "export.create"];
const USERS = ["user_one", "user_two", "user_three"];

/** Rows of both twins up to the `upTo`th, two an hour, going back from NOW; of each three users and five actions, mixed. */
async function fillUp(upTo: number): Promise<void> {
	await env.DB.prepare(`
		WITH RECURSIVE n (n) AS (SELECT (SELECT COUNT(*) / 2 FROM audit_log) UNION ALL SELECT n + 1 FROM n WHERE n < ?1 - 1)
		INSERT INTO audit_log (org_id, at, user_id, acting_as, action, target)
		SELECT t.value, strftime('%Y-%m-%dT%H:00:00.000Z', '2026-08-20T12:00:00', '-' || (n / 2) || ' hours'),
			json_extract(?2, '$[' || (n % 3) || ']'), 'admin', json_extract(?3, '$[' || (n % 5) || ']'), iif(n % 7 = 0, 'session-' || (n % 4), t.value)
		FROM n CROSS JOIN json_each('["org_chadis","org_pannu_dental"]') t
	`)
		.bind(upTo, JSON.stringify(USERS), JSON.stringify(ACTIONS))
		.run();
}

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
	await emptyLog();
	await fillUp(1000);
});

const TARGETS = ["target=session-1", "target=session-1&kind=read", "target=org_chadis&from=2026-08-12&to=2026-08-14"];
/** Every combination of the filters, none of them included; what was read or written goes with kind and days alone. */
const FILTERS = [
	...TARGETS,
	...["", "kind=write", "kind=read"].flatMap((kind) =>
		["", "action=conversation.read", "action=config.update", "action=export.create", "action=none.read"].flatMap(
			(action) =>
				["", "user_id=user_two", "user_id=user_none"].flatMap((user) =>
					["", "from=2026-08-12&to=2026-08-14"].map((range) =>
						[kind, action, user, range].filter((part) => part !== "").join("&"),
					),
				),
		),
	),
];

function isAsked(query: string, { at, user_id: user, action, target }: Entry): boolean {
	const params = new URLSearchParams(query);
	const isRead = /\.(?:read|list)$|^export\.create$/.test(action);
	return (
		(params.get("kind") ?? (isRead ? "read" : "write")) === (isRead ? "read" : "write") &&
		(params.get("action") ?? action) === action &&
		(params.get("user_id") ?? user) === user &&
		(params.get("target") ?? target) === target &&
		at >= (params.get("from") ?? "") &&
		at.slice(0, 10) <= (params.get("to") ?? "9")
	);
}

let readers = 0;

/** An admin of CHADIS whom no other request brings near the limit of 300 a minute. */
const someAdmin = () => ({ ...admin(CHADIS), userId: `user_reader${readers++}` });

async function allPages(query: string, limit: number): Promise<Entry[]> {
	const entries: Entry[] = [];
	const as = someAdmin();
	for (let cursor: string | null = ""; cursor !== null; ) {
		const next: string = cursor === "" ? "" : `&cursor=${cursor}`;
		const { status, text } = await portal.call(`/portal/audit?limit=${limit}&${query}${next}`, { as });
		expect(status).toBe(200);
		const page: { entries: Entry[]; next_cursor: string | null } = JSON.parse(text);
		entries.push(...page.entries);
		cursor = page.next_cursor;
	}
	return entries;
}

describe("the audit log by kind, action, user and days", () => {
	it("gives every entry that is asked for once, in one order, page by page, and no other", async () => {
		const all = await allPages("", 100);
		expect(all).toHaveLength(1000);
		for (const query of FILTERS) {
			const wanted = all.filter((entry) => isAsked(query, entry));
			const pages = await allPages(query, wanted.length > 200 ? 100 : 7);
			expect({ query, ids: pages.map(({ id }) => id) }).toEqual({ query, ids: wanted.map(({ id }) => id) });
		}
	});

	it("are refused together where no index has both", async () => {
		for (const other of ["action=conversation.read", "user_id=user_two"]) {
			const { status, text } = await portal.call(`/portal/audit?target=session-1&${other}`, { as: someAdmin() });
			expect([status, JSON.parse(text).error.fields]).toEqual([
				422,
				[{ field: "target", message: "cannot be sent together with action or user_id" }],
			]);
		}
	});

	it("tell an admin who has read one conversation", async () => {
		const path = "/portal/conversations/session-alpha-3";
		await portal.call(path, { as: { ...admin(CHADIS), userId: "user_curious" } });
		const { text } = await portal.call("/portal/audit?target=session-alpha-3", { as: someAdmin() });
		expect(JSON.parse(text).entries).toMatchObject([
			{ user_id: "user_curious", action: "conversation.read", target: "session-alpha-3", kind: "read", reads: 1 },
		]);
	});

	it("says of each entry which kind it is, an export too", async () => {
		const { text } = await portal.call("/portal/audit?limit=6", { as: admin(PANNU) });
		const { entries }: { entries: Entry[] } = JSON.parse(text);
		expect(Object.fromEntries(entries.map(({ action, kind }) => [action, kind]))).toEqual({
			"config.update": "write",
			"knowledge.create": "write",
			"conversation.read": "read",
			"lead.list": "read",
			"export.create": "read",
		});
	});

	it("reads as many rows of 40,000 as of 1,000, in every combination, also where there is nothing", async () => {
		const rowsRead = async () => {
			const read: [string, number][] = [];
			for (const query of FILTERS)
				read.push([query, (await observe(portal, `/portal/audit?limit=5&${query}`, { as: someAdmin() })).rowsRead]);
			return read;
		};
		const few = await rowsRead();
		await fillUp(20_000);
		expect(await rowsRead()).toEqual(few);
		expect(Math.max(...few.map(([, rows]) => rows))).toBeLessThan(60);
	});
});
