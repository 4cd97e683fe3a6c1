import { describe, expect, it } from "vitest";
import { isPortFree } from "../../run/state-lock.ts";
import { answer } from "../local-client.ts";
import { createFolder, freePort, isRunning, removeFolder, rows, startInVain } from "../local-run.ts";
import { START_LIMIT_MS } from "./stage.ts";
import type { Stage } from "./stage.ts";

/** One legacy question of always the same client. */
async function insist(origin: string): Promise<number> {
	const headers = { "Content-Type": "application/json", "CF-Connecting-IP": "10.2.0.1" };
	const response = await fetch(`${origin}/chat`, { method: "POST", headers, body: '{"message":"Hello"}' });
	await response.arrayBuffer();
	return response.status;
}

/** How a run stands beside another, ends and begins again. */
export function lifetimeTests(stage: Stage): void {
	describe("a second start", () => {
		it("on a busy port says so and ends", async () => {
			const other = createFolder();
			expect(await startInVain(other, stage.run().port)).toEqual({
				exitCode: 1,
				output: `Port ${stage.run().port} is in use: end the program that has it, or choose another port, as in PORT=${stage.run().port + 1} npm start.\n`,
			});
			removeFolder(other);
		});

		it("on the same state says so and ends", async () => {
			const { exitCode, output } = await startInVain(stage.folder, await freePort());
			expect(exitCode).toBe(1);
			expect(output).toMatch(
				new RegExp(
					`^Another local run \\(process \\d+, ${stage.run().origin}\\) uses .*: end it first, or choose another folder with KOBY_STATE_DIR\\.\\n$`,
				),
			);
		});
	});

	describe("Ctrl-C", () => {
		it("comes while a client is refused for calling too often", async () => {
			// Twice the limit and more: a minute may begin in between.
			const statuses = await Promise.all(Array.from({ length: 25 }, () => insist(stage.run().origin)));
			expect(statuses.filter((status) => status !== 200)).toContain(429);
		});

		it("ends every process, and frees the port", async () => {
			const processes = stage.run().processes();
			const { exitCode } = await stage.end();
			expect(exitCode).toBe(0);
			expect(processes.length).toBeGreaterThan(2);
			await expect.poll(() => processes.filter(isRunning), { timeout: 5000 }).toEqual([]);
			await expect.poll(() => isPortFree(stage.run().port), { timeout: 10_000 }).toBe(true);
		});
	});

	describe("a later start", () => {
		it(
			"finds the data as it was, forgets who called too often, and calls a vendor whose key is there",
			async () => {
				const stored = (): unknown =>
					rows(
						stage.folder,
						"SELECT (SELECT COUNT(*) FROM chat_messages) AS messages, (SELECT SUM(messages) FROM metrics_daily) AS metrics, (SELECT COUNT(*) FROM orgs) AS orgs",
					);
				const [before] = [stored()].flat();
				await stage.start("CLERK_DOMAIN=clerk.example.com\nMISSPELT_KEY=1\n");
				const [after] = [stored()].flat();
				// A turn that was under way when the run ended may have landed since; nothing is lost.
				for (const name of ["messages", "metrics", "orgs"])
					expect(Number(Reflect.get(Object(after), name)), name).toBeGreaterThanOrEqual(
						Number(Reflect.get(Object(before), name)),
					);
				expect(await insist(stage.run().origin)).toBe(200);
				expect(await answer(await stage.client().send("/local/status"))).toMatchObject({
					body: { vendors: { clerk: "real", gemini: "stand_in" } },
				});
				expect(await answer(await stage.client().send("/local/token?role=admin"))).toMatchObject({
					status: 404,
					body: { error: { code: "not_found", message: expect.stringMatching(/^CLERK_DOMAIN is set/) } },
				});
				expect(stage.run().output()).toMatch(/Clerk +real \(CLERK_DOMAIN in \.dev\.vars\)/);
				expect(stage.run().output()).toContain("Not used: MISSPELT_KEY in .dev.vars.");
			},
			START_LIMIT_MS,
		);
	});
}
