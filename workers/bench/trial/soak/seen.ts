import type { Finding } from "../parts/trial.ts";
import type { Ledger } from "./ledger.ts";
import { linesOf } from "./log.ts";
import type { LogLine, WorkersLog } from "./log.ts";
import { isExcused } from "./kills.ts";
import type { World } from "./world.ts";

type Sql = (sql: string) => Promise<Record<string, unknown>[]>;

/** Holds what the clients saw against the rows, once what the log says was lost has been put back. What a kill took no log knows. */
export async function seenFindings(sql: Sql, world: World, log: WorkersLog): Promise<Finding[]> {
	const { ledger } = world;
	return [
		...(await answerFindings(sql, world, log)),
		...(await questionFindings(sql, ledger)),
		...(await clipFindings(sql, world, log)),
		...(await eventFindings(sql, ledger)),
		{
			promise: "exports that their client saw break off = lines export_broken_off",
			expected: linesOf(log, "export_broken_off").length,
			found: ledger.brokenExports,
		},
	];
}

async function answerFindings(sql: Sql, world: World, log: WorkersLog): Promise<Finding[]> {
	const rows = await sql(
		"SELECT id, org_id, content, replayed_at IS NOT NULL AS is_replayed FROM chat_messages WHERE role = 'assistant' AND org_id GLOB 'org_soak*'",
	);
	const stored = new Map(
		rows.map(({ id, org_id, content, is_replayed }) => [
			String(id),
			{ orgId: String(org_id), text: is_replayed === 1 ? undefined : String(content) },
		]),
	);
	const lost = new Set(linesOf(log, "turn_not_logged").map(({ message_id }) => String(message_id)));
	const given = [...world.ledger.answers];
	const missing = given.filter(([id]) => !stored.has(id));
	const taken = missing.filter(([, { at }]) => isExcused(world, at));
	const other = given.filter(([id, { orgId, text }]) => {
		const row = stored.get(id);
		return row !== undefined && (row.orgId !== orgId || (row.text ?? text) !== text);
	});
	return [
		{
			promise: `whole answers given = rows, less ${taken.length} that a kill took`,
			expected: given.length - taken.length,
			found: given.length - missing.length,
		},
		{
			promise: `lines turn_not_logged whose answer was not put back, of ${lost.size}`,
			expected: 0,
			found: [...lost].filter((id) => !stored.has(id)).length,
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

async function clipFindings(sql: Sql, world: World, log: WorkersLog): Promise<Finding[]> {
	const { orgs, ledger } = world;
	const cut = new Set(
		linesOf(log, "speech_broken")
			.filter(({ ending }) => ending === "cut")
			.map(idOf),
	);
	const all = [...ledger.clips];
	const certain = all.filter(([, { at }]) => !isExcused(world, at));
	const sum = (clips: typeof all, orgId: string, unit: Unit): number =>
		clips.reduce((total, [id, clip]) => total + (clip.orgId === orgId ? unit(id, clip.characters) : 0), 0);
	const metrics = async (column: string): Promise<number[]> => {
		const rows = await sql(
			`SELECT org_id, SUM(${column}) AS n FROM metrics_daily WHERE org_id GLOB 'org_soak*' GROUP BY org_id ORDER BY org_id`,
		);
		return rows.map(({ n }) => Number(n));
	};
	/** How many orgs' metrics are less than what was heard for certain, or more than all that was heard or cut off by a kill. */
	const outside = async (column: string, unit: Unit): Promise<number> => {
		const counted = await metrics(column);
		return orgs.filter(({ id }, index) => {
			const [least, most] = [sum(certain, id, unit), sum(all, id, unit)];
			const n = counted[index] ?? 0;
			// Who was cut off by a kill has no response to be counted here, and may have been booked all the same.
			return n < least || (world.killedAt.length === 0 && n > most);
		}).length;
	};
	return [
		{
			promise: "orgs whose metrics lack characters of clips that were heard",
			expected: 0,
			found: await outside("voice_characters", (_, characters) => characters),
		},
		{
			promise: "orgs whose metrics lack clips that were heard to their end",
			expected: 0,
			found: await outside("voice_requests", (id) => (cut.has(id) ? 0 : 1)),
		},
	];
}

type Unit = (id: string, characters: number) => number;

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
