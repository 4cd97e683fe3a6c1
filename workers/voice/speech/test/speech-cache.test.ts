import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { callsOf } from "../../../local/stand-ins/control.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import { BOOKING_PAUSES_MS, skipPauses } from "../../../lib/test/pauses.ts";
import { CHADIS_KEY, PANNU_KEY, ask, envelope, hear, send, vendorKey } from "../../test/client.ts";
import type { Overrides, Sent } from "../../test/client.ts";
import { books, d1Down, run, watchedDb } from "../../test/d1.ts";

/** Past the age at which a remembered site no longer counts. */
const LATER_MS = 31_000;

beforeEach(() => resetDatabase(env.DB));
afterEach(() => {
	vi.useRealTimers();
});

function speech(text: string, key: string, siteKey = PANNU_KEY, more: Overrides = {}): Sent {
	return { body: { text }, headers: { "X-Site-Key": siteKey }, env: { ELEVENLABS_API_KEY: key, ...more } };
}

function later(): void {
	vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + LATER_MS });
}

describe("a text spoken before", () => {
	it("comes from the cache: same bytes, nothing spent, one request booked", async () => {
		const key = vendorKey();
		const first = await hear(speech("Welcome to Pannu Dental.", key));
		const second = await hear(speech("Welcome to Pannu Dental.", key));
		expect(second.status).toBe(200);
		expect(second.bytes).toEqual(first.bytes);
		expect(second.headers.get("X-Cache")).toBe("HIT");
		expect(second.headers.get("X-Characters")).toBe("0");
		expect(second.headers.get("Server-Timing")).toMatch(/^cache;dur=\d+, total;dur=\d+/);
		expect(second.headers.get("Content-Type")).toBe("audio/mpeg");
		expect(await callsOf(key)).toHaveLength(1);
		expect(await books()).toEqual({
			site_id: "site_pannu_dental",
			voice_requests: 2,
			voice_characters: 24,
			cache_hits: 1,
			errors: 0,
			day_characters: 24,
			month_characters: 24,
		});
	});

	it("is found under whatever markup it stands in", async () => {
		const key = vendorKey();
		await hear(speech("See you **soon**!", key));
		expect((await hear(speech("  See you\tsoon! 👋", key))).headers.get("X-Cache")).toBe("HIT");
	});

	it.each([
		["voice", { ELEVENLABS_VOICE_ID: "aBcDeFgHiJkLmNoPqRsT" }],
		["model", { ELEVENLABS_MODEL_ID: "eleven_multilingual_v2" }],
		["format", { ELEVENLABS_OUTPUT_FORMAT: "mp3_44100_64" }],
	])("is spoken anew with another %s", async (_, change) => {
		const key = vendorKey();
		await hear(speech(`Said with another ${_}.`, key));
		expect((await hear(speech(`Said with another ${_}.`, key, PANNU_KEY, change))).headers.get("X-Cache")).toBe("MISS");
	});

	it("is not found by another site, nor without a key", async () => {
		const key = vendorKey();
		await hear(speech("A word between us.", key));
		expect((await hear(speech("A word between us.", key, CHADIS_KEY))).headers.get("X-Cache")).toBe("MISS");
		const legacy = await hear({ body: { text: "A word between us." }, env: { ELEVENLABS_API_KEY: key } });
		expect(legacy.headers.get("X-Cache")).toBe("MISS");
	});

	it("is given although the plan is used up", async () => {
		const key = vendorKey();
		await hear(speech("Spoken while there was some left.", key));
		await run("UPDATE plans SET monthly_voice_characters = 0 WHERE id = 'chatbot'");
		expect((await hear(speech("Spoken while there was some left.", key))).headers.get("X-Cache")).toBe("HIT");
		expect((await ask(speech("Not spoken before.", key))).status).toBe(429);
	});
});

/** X-Cache and the number of round trips. Those after the first `awaited` are held back until the clip was heard: an answer that needed them would hang. */
async function roundTrips(sent: Sent, awaited: number): Promise<[string | null, number]> {
	let open = (): void => undefined;
	const answered = new Promise<void>((resolve) => {
		open = resolve;
	});
	const watched = watchedDb(async (batch, number) => {
		if (number > awaited) await answered;
		return batch();
	});
	const { response, settled } = await send({ ...sent, env: { ...sent.env, DB: watched.db } });
	await response.arrayBuffer();
	open();
	await settled();
	return [response.headers.get("X-Cache"), watched.batches];
}

describe("round trips to D1", () => {
	it("are one before and one after for a new text, none before and one after for a cached one", async () => {
		const key = vendorKey();
		later();
		expect(await roundTrips(speech("Count my round trips.", key), 1)).toEqual(["MISS", 2]);
		expect(await roundTrips(speech("Count my round trips.", key), 0)).toEqual(["HIT", 1]);
		expect(await roundTrips(speech("Count them again.", key), 1)).toEqual(["MISS", 2]);
	});

	it("are one before and one after for a cached text whose site was read over 30 s ago", async () => {
		const key = vendorKey();
		await hear(speech("Read long ago.", key));
		later();
		expect(await roundTrips(speech("Read long ago.", key), 1)).toEqual(["HIT", 2]);
	});
});

describe("a site that was remembered", () => {
	it("gives cached clips without the database for 30 s, and no longer", async () => {
		skipPauses(BOOKING_PAUSES_MS);
		const key = vendorKey();
		await hear(speech("Is the database up?", key));
		const down = { DB: watchedDb(d1Down).db };
		expect((await hear(speech("Is the database up?", key, PANNU_KEY, down))).headers.get("X-Cache")).toBe("HIT");
		later();
		const answer = await ask(speech("Is the database up?", key, PANNU_KEY, down));
		expect(answer.status).toBe(503);
		expect(answer.body).toEqual(envelope(answer, "unavailable"));
	});

	it("that was paused meanwhile gives cached clips for 30 s at most, and nothing new at once", async () => {
		const key = vendorKey();
		await hear(speech("Spoken before the pause.", key));
		await run("UPDATE portal_sites SET status = 'paused' WHERE id = 'site_pannu_dental'");
		expect((await hear(speech("Spoken before the pause.", key))).headers.get("X-Cache")).toBe("HIT");
		expect((await ask(speech("A new text.", key))).status).toBe(403);
		expect((await ask(speech("Spoken before the pause.", key))).status).toBe(403);
	});

	it("does not admit an origin that the site does not", async () => {
		const key = vendorKey();
		await run(
			`UPDATE portal_sites SET allowed_origins = '["https://www.pannu.example"]' WHERE id = 'site_pannu_dental'`,
		);
		await hear(speech("For our own pages.", key));
		const sent = speech("For our own pages.", key);
		const answer = await ask({ ...sent, headers: { ...sent.headers, Origin: "https://elsewhere.example" } });
		expect(answer.status).toBe(403);
		expect(answer.body).toEqual(envelope(answer, "origin_not_allowed"));
	});
});
