import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { audioOf, hear, hex, speech, vendorKey } from "../../test/client.ts";

beforeEach(() => resetDatabase(env.DB));

describe("a text that speaks of danger", () => {
	it.each([
		["I want to die", "self_harm;1"],
		["My son swallowed a battery", "poisoning;1"],
		["My friend wants to kill herself", "self_harm;2"],
		["It sounds as if you want to end your life. Please call 988.", "self_harm;2"],
		["mi hijo no respira", "medical_emergency;1"],
	])("is spoken as it is, and named in a header: %s", async (text, safety) => {
		const key = vendorKey();
		for (const cache of ["MISS", "HIT"]) {
			const clip = await hear(speech(text, key));
			expect({
				safety: clip.headers.get("X-Safety"),
				cache: clip.headers.get("X-Cache"),
				bytes: hex(clip.bytes),
			}).toEqual({
				safety,
				cache,
				bytes: hex(audioOf(text)),
			});
		}
	});

	it.each(["We open at nine.", "This tooth is killing me", "If you can't breathe, call 911 right away."])(
		"is told from one that does not: %s",
		async (text) => {
			expect((await hear(speech(text, vendorKey()))).headers.get("X-Safety")).toBeNull();
		},
	);
});
