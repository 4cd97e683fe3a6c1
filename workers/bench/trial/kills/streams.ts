import { SWEEP_CRON } from "../../../lib/site/sweep/sweep-cron.ts";
import { WORKERS } from "../soak/client.ts";
import type { Host } from "../host/start.ts";
import type { Dice } from "../parts/random.ts";
import { numberOf } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";

const STREAMS = 30;
/** Within this time all streams begin, ms. */
const BEGIN_MS = 250;
/** By then the sweep may settle every turn, ms. */
const EXPIRY_MS = 121_000;
const KEY = "sk_pannu_live_def456";

/** Sessions that a visitor has been told of. */
const announced: string[] = [];
let announcedBefore = 0;

async function stream(host: Host, round: number, number: number): Promise<void> {
	const response = await fetch(`${host.urls[WORKERS.chat]}/`, {
		method: "POST",
		headers: {
			"Content-Type": "application/json",
			"CF-Connecting-IP": `10.7.${round}.${number}`,
			"X-Site-Key": KEY,
			Accept: "text/event-stream",
		},
		body: JSON.stringify({
			message: `Kill ${round}-${number}: ${"tell me everything ".repeat(40)}`,
			visitor_id: `kill-${round}-${number}`,
		}),
	});
	let text = "";
	let isNoted = false;
	for await (const chunk of response.body ?? []) {
		text += Buffer.from(chunk).toString("utf8");
		const id = /"session_id":"([0-9a-f-]{36})"/.exec(text)?.[1];
		if (id === undefined || isNoted) continue;
		announced.push(id);
		isNoted = true;
	}
}

async function work(host: Host, dice: Dice, round: number): Promise<void> {
	const begun = Array.from({ length: STREAMS }, async (_, number) => {
		await new Promise((resolve) => setTimeout(resolve, dice.below(BEGIN_MS)));
		await stream(host, round, number);
	});
	await Promise.allSettled(begun);
}

/** Thirty streams: no reservation is left, counters agree with rows, and what a visitor was told of is there with its question. */
export const streams: Scenario = {
	name: "30 streams",
	spanMs: 500,
	prepare: async () => {
		announcedBefore = announced.length;
	},
	// By turns when every stream has begun, and at any moment.
	isUnderWay: (round) => round % 2 === 1 || announced.length === announcedBefore + STREAMS,
	work,
	async check(host) {
		await host.scheduled(WORKERS.portal, SWEEP_CRON, Date.now() + EXPIRY_MS);
		const known = JSON.stringify(announced);
		const org = "org_id = 'org_pannu_dental'";
		const metrics = await numberOf(host, `SELECT SUM(messages) FROM metrics_daily WHERE ${org}`);
		return [
			{ promise: "turns left after the sweep", expected: 0, found: await numberOf(host, "SELECT COUNT(*) FROM turns") },
			{
				promise: "announced sessions that have their question",
				expected: announced.length,
				found: await numberOf(
					host,
					`SELECT COUNT(DISTINCT session_id) FROM chat_messages WHERE role = 'user' AND session_id IN (SELECT value FROM json_each('${known}'))`,
				),
			},
			{
				promise: "usage = metrics",
				expected: metrics,
				found: await numberOf(host, `SELECT SUM(messages) FROM usage_daily WHERE ${org}`),
			},
			{
				promise: "rows = metrics",
				expected: metrics,
				found: await numberOf(host, `SELECT COUNT(*) FROM chat_messages WHERE role = 'assistant' AND ${org}`),
			},
			{
				promise: "answers pending",
				expected: 0,
				found: await numberOf(host, "SELECT COUNT(*) FROM chat_messages WHERE finish = 'pending'"),
			},
			{
				promise: "sessions whose message_count is another",
				expected: 0,
				found: await numberOf(
					host,
					"SELECT COUNT(*) FROM chat_sessions s WHERE message_count <> (SELECT COUNT(*) FROM chat_messages m WHERE m.session_id = s.id)",
				),
			},
		];
	},
};
