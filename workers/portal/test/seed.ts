import { passageStatements } from "../../lib/knowledge/index.ts";
import { passagesOf } from "../../lib/knowledge/passages.ts";
import { resetDatabase } from "../../lib/test/database.ts";
import type { TokenOptions } from "../../lib/test/tokens.ts";
import { visitorStatements } from "./seed-visitors.ts";
import type { Owner } from "./seed-visitors.ts";

/** One of two orgs that hold the same things with other names and numbers: what of one shows in the other's answers is a leak. */
export interface Twin extends Owner {
	clerkId: string;
}

export const CHADIS: Twin = {
	id: "org_chadis",
	clerkId: "org_2abcdefghijklmnopqrstuvwxy1",
	mark: "alpha",
	siteId: "site_chadis",
	times: 1,
};
export const PANNU: Twin = {
	id: "org_pannu_dental",
	clerkId: "org_2abcdefghijklmnopqrstuvwxy10",
	mark: "omega",
	siteId: "site_pannu_dental",
	times: 10_000,
};

export function member(twin: Twin): Partial<TokenOptions> {
	return { userId: `user_${twin.mark}Member`, org: { id: twin.clerkId, role: "member" } };
}

export function admin(twin: Twin): Partial<TokenOptions> {
	return { userId: `user_${twin.mark}Admin`, org: { id: twin.clerkId, role: "admin" } };
}

/** Works for Koby, with no organization of the kind that customers have. */
export const STAFF: Partial<TokenOptions> = { userId: "user_staff", staff: true };

/** The schema's seed, and the twins' data around NOW. */
export async function seedTwins(db: D1Database): Promise<void> {
	await resetDatabase(db);
	await db.batch([CHADIS, PANNU].flatMap((twin) => twinStatements(db, twin)));
}

function twinStatements(db: D1Database, twin: Twin): D1PreparedStatement[] {
	const usage = db.prepare(
		"INSERT INTO usage_daily (org_id, date, messages, voice_characters) VALUES (?1, ?2, ?3, ?4)",
	);
	return [
		db.prepare("UPDATE orgs SET clerk_org_id = ?2 WHERE id = ?1").bind(twin.id, twin.clerkId),
		...engines(db, twin),
		...visitorStatements(db, twin),
		...workflows(db, twin),
		...team(db, twin),
		...knowledge(db, twin),
		...golden(db, twin),
		usage.bind(twin.id, "2026-08-20", 21 * twin.times, 34 * twin.times),
		usage.bind(twin.id, "2026-07-31", 900, 900),
	];
}

/** A question with a known right answer, and a run that has asked it. */
function golden(db: D1Database, { id, mark }: Twin): D1PreparedStatement[] {
	return [
		db
			.prepare("INSERT INTO golden_questions (org_id, questions, updated_by) VALUES (?1, ?2, ?3)")
			.bind(
				id,
				`[{"question":"Who is ${mark}?","must_contain":[],"must_not_contain":[],"source":null,"expect":"answer"}]`,
				`user_${mark}Editor`,
			),
		db
			.prepare(`
				INSERT INTO golden_runs (id, org_id, status, origin, created_at)
				VALUES (?1, ?2, 'completed', 'nightly', '2026-08-19T08:00:00.000Z')
			`)
			.bind(`run-${mark}`, id),
	];
}

function engines(db: D1Database, { id, mark, siteId }: Twin): D1PreparedStatement[] {
	const first = db.prepare("UPDATE portal_sites SET name = ?2, created_at = '2026-01-01T00:00:00.000Z' WHERE id = ?1");
	const more = db.prepare(`
		INSERT INTO portal_sites (id, org_id, site_key, name, type, status, allowed_origins, created_at)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
	`);
	const origins = `["https://${mark}.example"]`;
	return [
		first.bind(siteId, `First ${mark}`),
		more.bind(
			`site_${mark}_voice`,
			id,
			`sk_${mark}_live_voice1`,
			`Second ${mark}`,
			"voice",
			"paused",
			origins,
			"2026-02-01T00:00:00.000Z",
		),
		more.bind(
			`site_${mark}_test`,
			id,
			`sk_${mark}_test_abc123`,
			`Third ${mark}`,
			"chatbot",
			"active",
			"[]",
			"2026-03-01T00:00:00.000Z",
		),
	];
}

function workflows(db: D1Database, { id, mark }: Twin): D1PreparedStatement[] {
	const insert = db.prepare(
		`INSERT INTO workflows (id, org_id, name, description, status, "trigger") VALUES (?1, ?2, ?3, ?4, ?5, ?6)`,
	);
	const run = db.prepare(
		"INSERT INTO workflow_runs (id, org_id, workflow_id, status, started_at) VALUES (?1, ?2, ?3, ?4, ?5)",
	);
	const runs = [
		["success", "2026-08-20T08:00:00.000Z"],
		["running", "2026-08-20T09:00:00.000Z"],
		["failure", "2026-08-19T08:00:00.000Z"],
		["success", "2026-07-22T00:00:00.000Z"],
		["success", "2026-07-21T23:59:59.999Z"],
	] as const;
	return [
		insert.bind(`wf_${mark}_b`, id, `Weekly ${mark}`, "", "draft", "manual"),
		insert.bind(`wf_${mark}_a`, id, `Follow-up ${mark}`, `Writes to leads of ${mark}`, "active", "lead"),
		...runs.map(([status, startedAt], index) =>
			run.bind(`run_${mark}_${index}`, id, `wf_${mark}_a`, status, startedAt),
		),
	];
}

function team(db: D1Database, { id, mark }: Twin): D1PreparedStatement[] {
	const insert = db.prepare(
		"INSERT INTO team_members (org_id, user_id, name, email, role, image_url, joined_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	);
	return [
		insert.bind(id, `user_${mark}2`, null, null, "member", null, "2026-02-02T00:00:00.000Z"),
		insert.bind(
			id,
			`user_${mark}1`,
			`Ada ${mark}`,
			`ada@${mark}.example`,
			"admin",
			`https://img.${mark}.example/1`,
			"2026-01-01T00:00:00.000Z",
		),
	];
}

/** An article, changed last, and an answer; both can be found. */
function knowledge(db: D1Database, { id, mark, times }: Twin): D1PreparedStatement[] {
	const insert = db.prepare(`
		INSERT INTO knowledge (id, org_id, kind, title, question_key, body, source_url, hits, passages, version, created_at, updated_at, updated_by)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, 2, ?9, ?10, ?11)
	`);
	const entry = (
		n: string,
		kind: string,
		title: string,
		key: string | null,
		body: string,
		url: string | null,
		updatedAt: string,
	) => {
		const bound = [
			`kn-${mark}-${n}`,
			id,
			kind,
			title,
			key,
			body,
			url,
			7 * times,
			"2026-08-01T08:00:00.000Z",
			updatedAt,
			`user_${mark}Admin`,
		];
		return [
			insert.bind(...bound),
			...passageStatements(db, { orgId: id, id: `kn-${mark}-${n}`, title, body }, passagesOf(title, body)),
		];
	};
	return [
		...entry(
			"a",
			"article",
			`Parking ${mark}`,
			null,
			`Park behind ${mark}.`,
			`https://${mark}.example/parking`,
			"2026-08-19T08:00:00.000Z",
		),
		...entry("b", "answer", `Are you ${mark}?`, `are you ${mark}`, `We are ${mark}.`, null, "2026-08-18T08:00:00.000Z"),
	];
}
