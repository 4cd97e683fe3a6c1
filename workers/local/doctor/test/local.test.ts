import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Miniflare, convertV4MiniflareOptions } from "miniflare";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runScript } from "../../check/command.ts";
import { ROOT } from "../../root.ts";
import { freePort } from "../../test/local-run.ts";
import { localQuery } from "../gather/local-database.ts";

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "koby-doctor-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What `npm run doctor` says of a clone with this .dev.vars, and how it ends. */
async function doctor(devVars: string) {
	writeFileSync(join(folder, ".dev.vars"), devVars);
	const kept = { ...process.env };
	const own = { KOBY_DEV_VARS: join(folder, ".dev.vars"), KOBY_STATE_DIR: join(folder, "state") };
	Object.assign(process.env, own, { PORT: String(await freePort()) });
	try {
		const { exitCode, stdout } = await runScript(join(ROOT, "workers/local/doctor/doctor.ts"), ["--json"]);
		const { findings }: { findings: Record<string, string>[] } = JSON.parse(stdout);
		return { exitCode, findings };
	} finally {
		for (const name of [...Object.keys(own), "PORT"]) delete process.env[name];
		Object.assign(process.env, kept);
	}
}

describe("npm run doctor", () => {
	it("finds nothing wrong with a fresh clone, and says how it is begun", async () => {
		const { exitCode, findings } = await doctor("");
		expect(findings.filter(({ level }) => level !== "ok")).toEqual([]);
		expect(findings.map(({ message }) => message).join("\n")).toMatch(
			/Stripe is a stand-in, as \.dev\.vars has no STRIPE_SECRET_KEY[\s\S]*no database yet: npm start makes it[\s\S]*Nothing runs at/,
		);
		expect(exitCode).toBe(0);
	});

	it("tells which keys of a .dev.vars do not fit together, and which nobody reads", async () => {
		// The addresses are this machine's, where nobody listens: no vendor is asked.
		const { exitCode, findings } = await doctor(
			[
				"STRIPE_SECRET_KEY=sk_live_doctorlocal",
				"STRIPE_API_BASE=http://127.0.0.1:1",
				"CLERK_SECRET_KEY=sk_test_doctorlocal",
				"GEMINI_KEY=doctorlocal",
			].join("\n"),
		);
		const faults = findings.filter(({ level }) => level !== "ok");
		expect(faults).toEqual([
			{
				check: "secrets",
				level: "fix",
				message: "CLERK_SECRET_KEY is in .dev.vars, but without CLERK_DOMAIN a stand-in answers.",
				mend: "echo 'CLERK_DOMAIN=<its value>' >> .dev.vars",
			},
			{
				check: "secrets",
				level: "fix",
				message: "STRIPE_WEBHOOK_SECRET is not in .dev.vars: no event of Stripe is believed.",
				mend: "echo 'STRIPE_WEBHOOK_SECRET=<its value>' >> .dev.vars",
			},
			expect.objectContaining({ level: "warn", message: "No worker reads GEMINI_KEY of .dev.vars." }),
			expect.objectContaining({
				check: "stripe.key",
				message: expect.stringContaining("live mode, and development wants test"),
			}),
		]);
		expect(JSON.stringify(findings)).not.toContain("doctorlocal");
		expect(exitCode).toBe(1);
	});
});

describe("the local database", () => {
	it("is found where workerd keeps it, and read while workerd has it open", async () => {
		const id = "00000000-0000-0000-0000-000000000000";
		const query = localQuery(folder, id);
		expect(await query(["SELECT 1 AS n"])).toEqual({ unknown: "there is none yet" });
		const worker = { name: "w", modules: true, script: "export default {}", d1Databases: { DB: id } };
		const runtime = new Miniflare(
			convertV4MiniflareOptions({ workers: [worker], resourcePersistencePath: join(folder, "v3"), cf: false }),
		);
		try {
			const database = await runtime.getD1Database("DB");
			await database.exec("CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (7);");
			expect(await query(["SELECT n FROM t", "SELECT 1 AS n"])).toEqual({ value: [[{ n: 7 }], [{ n: 1 }]] });
			expect(await query(["SELECT n FROM missing"])).toEqual({ unknown: "it cannot be read (no such table: missing)" });
		} finally {
			await runtime.dispose();
		}
	});
});
