import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { report } from "../report.ts";
import { BROKEN_MORE } from "./broken-more.ts";
import { BROKEN_PLACES } from "./broken-places.ts";
import { BROKEN } from "./broken.ts";
import type { Servers } from "./servers.ts";
import { startServers } from "./servers.ts";
import { faultsIn, findingsOf, goodSetup } from "./set-up.ts";

let servers: Servers;

beforeAll(async () => {
	servers = await startServers();
});
afterAll(() => servers.close());

describe("a good set-up", () => {
	it.each(["production", "staging"] as const)(
		"of %s is found good in every check, and shows no secret",
		async (place) => {
			const setup = await goodSetup(servers, place);
			const findings = await findingsOf(setup);
			expect(faultsIn(findings)).toEqual([]);
			expect(new Set(findings.map(({ check }) => check))).toEqual(
				new Set([
					...["tomls", "limiters", "addresses", "secrets", "database", "schema", "cron", "origins", "agreements"],
					...["clerk.keys", "clerk.secret-key", "clerk.parties", "stripe.key", "stripe.prices", "stripe.webhook"],
					...["stripe.portal", "gemini.key", "gemini.models", "elevenlabs.key", "elevenlabs.voices"],
					...["elevenlabs.agents", "deployed"],
				]),
			);
			const { text, exitCode } = report(findings, place, false);
			expect(exitCode).toBe(0);
			const secret = [...setup.keys].filter(([name]) => name !== "CLERK_DOMAIN").map(([, value]) => value);
			expect(secret.filter((value) => text.includes(value))).toEqual([]);
			expect(text).not.toContain("token-of-staff");
			expect(servers.lastBearer()).toBe("Bearer token-of-staff");
		},
	);
});

describe("a set-up with one thing wrong", () => {
	it.each([...BROKEN, ...BROKEN_PLACES, ...BROKEN_MORE])(
		"is told of $title, and of nothing else",
		async ({ change, finds }) => {
			const setup = await goodSetup(servers);
			await change(setup);
			const faults = faultsIn(await findingsOf(setup));
			expect(faults).toEqual(
				finds.map(([check, level, message, mend]) => ({
					...{ check, level },
					...{ message: expect.stringMatching(message), mend: expect.stringMatching(mend) },
				})),
			);
			expect(report(faults, "production", false).exitCode).toBe(faults.some(({ level }) => level === "fix") ? 1 : 0);
		},
	);
});
