import type { Finding } from "../parts/trial.ts";
import type { Ledger } from "./ledger.ts";
import { linesOf } from "./log.ts";
import type { LogLine, WorkersLog } from "./log.ts";
import type { Org } from "./world.ts";

type Sql = (sql: string) => Promise<Record<string, unknown>[]>;

/** Holds what the clients saw, less what the log says was lost, against the rows. */
export async function seenFindings(
	sql: Sql,
	orgs: readonly Org[],
	ledger: Ledger,
	log: WorkersLog,
): Promise<Finding[]> {
	return [
		...(await answerFindings(sql, ledger, log)),
		...(await questionFindings(sql, ledger)),
		...(await clipFindings(sql, orgs, ledger, log)),
		...(await eventFindings(sql, ledger)),
		{
			promise: "exports that their client saw break off = lines export_broken_off",
			expected: linesOf(log, "export_broken_off").length,
			found: ledger.brokenExports,
		},
	];
}

async function answerFindings(sql: Sql, { answers }: Ledger, log: WorkersLog): Promise<Finding[]> {
	const rows = await sql(
		"SELECT id, org_id, content FROM chat_messages WHERE role = 'assistant' AND org_id GLOB 'org_soak*'",
	);
	const stored = new Map(
		rows.map(({ id, org_id, content }) => [String(id), { orgId: String(org_id), text: String(content) }]),
	);
	const lost = new Set(linesOf(log, "turn_not_logged").map(({ message_id }) => String(message_id)));
	const given = [...answers];
	const missing = given.filter(([id]) => !stored.has(id));
	const other = given.filter(([id, { orgId, text }]) => {
		const row = stored.get(id);
		return row !== undefined && (row.orgId !== orgId || row.text !== text);
	});
	return [
		{
			promise: "whole answers given = rows + lines turn_not_logged",
			expected: given.length,
			found: given.length - missing.length + missing.filter(([id]) => lost.has(id)).length,
		},
		{
			promise: "lines turn_not_logged whose answer is stored",
			expected: 0,
			found: [...lost].filter((id) => stored.has(id)).length,
		},
		{ promise: "answers stored with other words, or for another org", expected: 0, found: other.length },
	];
}

async function questionFindings(sql: Sql, { questions }: Ledger): Promise<Finding[]> {
	const rows = await sql("SELECT org_id, content FROM chat_messages WHERE role = 'user' AND org_id GLOB 'org_soak*'");
	const stored = new Map(
		rows.map(({ org_id, content }) => [Number(/^Question q(\d+) /.exec(String(content))?.[1]), String(org_id)]),
	);
	const lost = [...questions].filter(([number, orgId]) => stored.get(number) !== orgId);
	return [
		{ promise: `questions of begun turns that are not kept, of ${questions.size}`, expected: 0, found: lost.length },
	];
}

async function clipFindings(sql: Sql, orgs: readonly Org[], { clips }: Ledger, log: WorkersLog): Promise<Finding[]> {
	const lost = new Set(linesOf(log, "speech_not_booked").map(idOf));
	const cut = new Set(
		linesOf(log, "speech_broken")
			.filter(({ ending }) => ending === "cut")
			.map(idOf),
	);
	const booked = [...clips].filter(([id]) => !lost.has(id));
	const sum = (orgId: string, unit: (id: string, characters: number) => number): number =>
		booked.reduce((total, [id, clip]) => total + (clip.orgId === orgId ? unit(id, clip.characters) : 0), 0);
	const metrics = async (column: string): Promise<string> => {
		const rows = await sql(
			`SELECT org_id, SUM(${column}) AS n FROM metrics_daily WHERE org_id GLOB 'org_soak*' GROUP BY org_id ORDER BY org_id`,
		);
		return rows.map(({ n }) => String(n)).join(", ");
	};
	const ofOrgs = (unit: (id: string, characters: number) => number): string =>
		orgs.map(({ id }) => sum(id, unit)).join(", ");
	return [
		{
			promise: "characters of clips heard, less lines speech_not_booked = metrics",
			expected: ofOrgs((_, characters) => characters),
			found: await metrics("voice_characters"),
		},
		{
			promise: "clips heard, less cut ones and lines = metrics",
			expected: ofOrgs((id) => (cut.has(id) ? 0 : 1)),
			found: await metrics("voice_requests"),
		},
	];
}

function idOf({ request_id }: LogLine): string {
	return String(request_id);
}

async function eventFindings(sql: Sql, { events }: Ledger): Promise<Finding[]> {
	const rows = await sql("SELECT id FROM stripe_events WHERE org_id GLOB 'org_soak*'");
	const stored = new Set(rows.map(({ id }) => String(id)));
	return [
		{
			promise: `Stripe's events that were taken and are not kept, of ${events.size}`,
			expected: 0,
			found: [...events.keys()].filter((id) => !stored.has(id)).length,
		},
	];
}
