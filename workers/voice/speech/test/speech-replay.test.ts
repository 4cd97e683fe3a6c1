import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { sweepTurns } from "../../../lib/site/sweep/sweep.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import { BOOKING_PAUSES_MS, skipPauses } from "../../../lib/test/pauses.ts";
import { replayLines } from "../../../local/recovery/replaying.ts";
import { PANNU_KEY, hear, vendorKey } from "../../test/client.ts";
import { d1Down, row, watchedDb } from "../../test/d1.ts";

beforeEach(async () => {
	await resetDatabase(env.DB);
	skipPauses(BOOKING_PAUSES_MS);
});
afterEach(() => vi.restoreAllMocks());

/** A clip that is heard, and booked or not. @returns what the worker's log says of it */
async function speak(text: string, key: string, isBooked: boolean): Promise<string[]> {
	const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
	// A cached clip of a site that was read before asks D1 for nothing else.
	const watched = watchedDb((batch, number) => (number === 1 || isBooked ? batch() : d1Down()));
	const headers = { "X-Site-Key": PANNU_KEY };
	const clip = await hear({ body: { text }, headers, env: { ELEVENLABS_API_KEY: key, DB: watched.db } });
	expect(clip.status).toBe(200);
	const lines = errors.mock.calls.map(([line]) => String(line));
	errors.mockRestore();
	return lines;
}

async function* texts(lines: readonly string[]): AsyncGenerator<string> {
	yield* lines;
}

async function replay(lines: readonly string[]) {
	const run = async (statements: D1PreparedStatement[]) =>
		(await env.DB.batch<Record<string, unknown>>(statements)).map(({ results }) => results);
	return replayLines({ db: env.DB, run }, texts(lines), { isApplied: true, now: Date.now(), tell: () => undefined });
}

async function counted() {
	return [
		await row("SELECT voice_requests, voice_characters, errors, cache_hits, cost_usd_micros FROM metrics_daily"),
		await row("SELECT voice_characters, cost_usd_micros FROM usage_daily"),
		await row("SELECT voice_characters FROM usage_monthly"),
		await row("SELECT COUNT(*) AS n FROM turns"),
	];
}

it.each(["while its turn is under way", "after the sweep"])(
	"a clip whose booking was lost is put back %s, as if it had been booked, and once",
	async (when) => {
		await speak(`Booked, ${when}.`, vendorKey(), true);
		const booked = await counted();
		await resetDatabase(env.DB);
		const lines = await speak(`Booked, ${when}!`, vendorKey(), false);
		if (when === "after the sweep") expect(await sweepTurns(env.DB, "2999-01-01")).toBe(1);
		expect(await replay(lines)).toMatchObject({ putBack: 1, cannot: 0 });
		expect(await counted()).toEqual(booked);
		expect(await replay([...lines, ...lines])).toMatchObject({ putBack: 0, there: 1 });
		expect(await counted()).toEqual(booked);
	},
);
