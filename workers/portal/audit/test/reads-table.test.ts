import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { isObject } from "../../../lib/http/json.ts";
import type { TokenOptions } from "../../../lib/test/tokens.ts";
import { portalOpenapi } from "../../openapi.ts";
import { createPortal, NOW } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { isOfStaff } from "../../test/routes.ts";
import { CHADIS, STAFF, admin, member, seedTwins } from "../../test/seed.ts";
import { servedPaths } from "../../test/served-paths.ts";
import { emptyLog, readsInLog } from "./audit-client.ts";

let portal: Portal;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
});
beforeEach(emptyLog);

/** Who is asked about: everybody leaves a row, the org's own people do not, or nobody does. */
type Whose = "everybody" | "strangers" | "nobody";

interface Row {
	/** The path of the description. */
	route: string;
	/** The path that is asked for, where it is another. */
	path?: string;
	whose: Whose;
	action?: string;
	target?: string;
	/** Members are refused. */
	forAdmins?: boolean;
}

const ALL_OF_IT = "org_chadis";

/** Every GET below /portal/, and whose reads of it leave which row. Nothing is left out: see the last test. */
const TABLE: readonly Row[] = [
	{ route: "/portal/overview", whose: "strangers", action: "overview.read", target: ALL_OF_IT },
	{ route: "/portal/engines", whose: "strangers", action: "engine.list", target: ALL_OF_IT },
	{ route: "/portal/workflows", whose: "strangers", action: "workflow.list", target: ALL_OF_IT },
	{ route: "/portal/insights", whose: "strangers", action: "insights.read", target: ALL_OF_IT },
	{
		route: "/portal/insights",
		path: "/portal/insights?engine_id=site_alpha_test&from=2026-08-03",
		whose: "strangers",
		action: "insights.read",
		target: "site_alpha_test",
	},
	{ route: "/portal/team", whose: "strangers", action: "team.list", target: ALL_OF_IT },
	{ route: "/portal/config", whose: "strangers", action: "config.read", target: ALL_OF_IT },
	{ route: "/portal/retention", whose: "strangers", action: "retention.read", target: ALL_OF_IT },
	{ route: "/portal/config/versions", whose: "strangers", action: "config_version.list", target: ALL_OF_IT },
	{
		route: "/portal/config/versions/{id}",
		path: "/portal/config/versions/1",
		whose: "strangers",
		action: "config_version.read",
		target: "1",
	},
	{ route: "/portal/config/draft", whose: "strangers", action: "config_draft.read", target: ALL_OF_IT },
	{ route: "/portal/golden-questions", whose: "strangers", action: "golden_questions.read", target: ALL_OF_IT },
	{ route: "/portal/golden-questions/runs", whose: "strangers", action: "golden_run.list", target: ALL_OF_IT },
	{
		route: "/portal/golden-questions/runs/{id}",
		path: "/portal/golden-questions/runs/run-alpha",
		whose: "strangers",
		action: "golden_run.read",
		target: "run-alpha",
	},
	{ route: "/portal/billing", whose: "strangers", action: "billing.read", target: ALL_OF_IT },
	{ route: "/portal/knowledge", whose: "strangers", action: "knowledge.list", target: ALL_OF_IT },
	{
		route: "/portal/knowledge/{id}",
		path: "/portal/knowledge/kn-alpha-a",
		whose: "strangers",
		action: "knowledge.read",
		target: "kn-alpha-a",
	},
	{ route: "/portal/audit", whose: "strangers", action: "audit.list", target: ALL_OF_IT, forAdmins: true },
	{ route: "/portal/conversations", whose: "everybody", action: "conversation.list", target: ALL_OF_IT },
	{
		route: "/portal/conversations",
		path: "/portal/conversations?engine_id=site_chadis&limit=1",
		whose: "everybody",
		action: "conversation.list",
		target: "site_chadis",
	},
	{
		route: "/portal/conversations/{id}",
		path: "/portal/conversations/session-alpha-3",
		whose: "everybody",
		action: "conversation.read",
		target: "session-alpha-3",
	},
	{ route: "/portal/leads", whose: "everybody", action: "lead.list", target: ALL_OF_IT, forAdmins: true },
	// Its row is made for each export, see the tests of the export.
	{ route: "/portal/export", whose: "nobody", forAdmins: true },
	{ route: "/portal/clients", whose: "nobody" },
	{ route: "/portal/doctor", whose: "nobody" },
	// Staff's alone, see the tests of the clients.
	{ route: "/portal/clients/audit", whose: "strangers" },
	{ route: "/portal/clients/{id}", whose: "strangers" },
];

const IMPERSONATED: Partial<TokenOptions> = { ...admin(CHADIS), impersonated: true };

/** Who asks, of whom, and what the row says of them. */
const READERS: readonly [string, Partial<TokenOptions>, string, Record<string, string>][] = [
	["a member", member(CHADIS), "", { user_id: "user_alphaMember", acting_as: "member", impersonator_id: "" }],
	["an admin", admin(CHADIS), "", { user_id: "user_alphaAdmin", acting_as: "admin", impersonator_id: "" }],
	["staff", STAFF, "orgId=org_chadis", { user_id: "user_staff", acting_as: "staff", impersonator_id: "" }],
	[
		"staff whose own organization it is",
		{ ...admin(CHADIS), staff: true },
		"",
		{ user_id: "user_alphaAdmin", acting_as: "staff", impersonator_id: "" },
	],
	[
		"somebody in an admin's name",
		IMPERSONATED,
		"",
		{ user_id: "user_alphaAdmin", acting_as: "impersonated", impersonator_id: "user_2act" },
	],
];

const CASES = TABLE.filter((row) => !isOfStaff({ path: row.route })).flatMap((row) =>
	READERS.map((reader) => ({ row, reader, name: `${row.path ?? row.route} by ${reader[0]}` })),
);

function expected({ whose, action, target, forAdmins }: Row, [name, , , who]: (typeof READERS)[number]) {
	if (whose === "nobody" || (forAdmins === true && name === "a member")) return [];
	if (whose === "strangers" && ["a member", "an admin"].includes(name)) return [];
	const at = "2026-08-20T12:00:00.000Z";
	return [{ org_id: "org_chadis", at, last_at: at, ...who, action, target, reads: 1 }];
}

describe("a read leaves its row in the org's log, in the one round trip that it takes", () => {
	it.each(CASES)("$name", async ({ row, reader }) => {
		const [name, as, query] = reader;
		const path = row.path ?? row.route;
		const { status, roundTrips } = await portal.call(`${path}${path.includes("?") ? "&" : "?"}${query}`, { as });
		const isRefused =
			(row.forAdmins === true && name === "a member") || (row.route === "/portal/export" && as === IMPERSONATED);
		expect(status).toBe(isRefused ? 403 : 200);
		if (row.route !== "/portal/export") expect(roundTrips).toBe(isRefused ? 0 : 1);
		expect(await readsInLog()).toEqual(expected(row, reader));
	});

	it.each(["/portal/clients", "/portal/doctor"])(
		"but %s, which shows nothing of any customer's, leaves none",
		async (path) => {
			expect(await portal.call(path, { as: STAFF })).toMatchObject({ status: 200, roundTrips: 1 });
			expect(await readsInLog()).toEqual([]);
		},
	);

	it("and no path that answers GET is missing from the table", () => {
		const described = Object.entries(Object(portalOpenapi().paths))
			.filter(([path, operations]) => path.startsWith("/portal/") && isObject(operations) && "get" in operations)
			.map(([path]) => path);
		expect(new Set(TABLE.map(({ route }) => route))).toEqual(new Set(described));
	});

	it("nor is any that is served and not described", async () => {
		const portalPaths = servedPaths().filter((path) => path.startsWith("/portal/"));
		for (const path of portalPaths.filter((path) => !TABLE.some(({ route }) => route === path))) {
			const answer = await portal.call(path.replace("{id}", "x"), { as: admin(CHADIS) });
			expect({ path, status: answer.status }).toEqual({ path, status: 405 });
		}
	});
});
