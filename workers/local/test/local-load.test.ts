import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { isPortFree } from "../state-lock.ts";
import { answer, createClient } from "./local-client.ts";
import type { Client } from "./local-client.ts";
import { createFolder, isRunning, removeFolder, rows, startInVain, startLocal } from "./local-run.ts";
import type { LocalRun } from "./local-run.ts";

const START_LIMIT_MS = 60_000;
const CHADIS = { "X-Site-Key": "sk_chadis_live_abc123" };
const PANNU = { "X-Site-Key": "sk_pannu_live_def456" };

vi.setConfig({ testTimeout: 30_000 });

const folder = createFolder();
let run: LocalRun;
let client: Client;

beforeAll(async () => {
	run = await startLocal(folder);
	client = createClient(run.origin);
}, START_LIMIT_MS);
afterAll(async () => {
	await run.interrupt();
	removeFolder(folder);
}, START_LIMIT_MS);

describe("bad input", () => {
	const deep = (levels: number): string => `${"[".repeat(levels)}${"]".repeat(levels)}`;
	const BODIES: [name: string, body: string, code: string][] = [
		["no JSON", "{", "invalid_json"],
		["an array", "[]", "invalid_json"],
		["1 MB", JSON.stringify({ message: "x".repeat(1_000_000) }), "payload_too_large"],
		["wrong types", '{"message":{},"text":7,"greeting":false}', "invalid_request"],
		["NUL", '{"message":"a\\u0000b","text":"a\\u0000b","greeting":"a\\u0000b"}', "invalid_request"],
		["lone surrogates", '{"message":"\\ud800","text":"\\ud800","greeting":"\\ud800"}', "invalid_request"],
		["100,000 levels", deep(100_000), "payload_too_large"],
		["as many levels as fit", `{"message":${deep(5000)},"text":${deep(5000)},"greeting":${deep(5000)}}`, "invalid_request"],
	];

	/** Sends every body and says what each was refused with. */
	async function refusals(method: string, path: string, credentials: Record<string, string>): Promise<Record<string, unknown>> {
		const headers = { "Content-Type": "application/json", ...credentials };
		const codes = BODIES.map(async ([name, body]) => {
			const response = await client.send(path, { method, headers, body });
			const refusal = Object(await response.json());
			return [name, response.status < 500 ? (refusal.error?.code ?? "accepted") : response.status];
		});
		return Object.fromEntries(await Promise.all(codes));
	}

	const documented = (changed: Record<string, unknown> = {}): Record<string, unknown> => ({ ...Object.fromEntries(BODIES.map(([name, , code]) => [name, code])), ...changed });

	it("is refused by chat and voice", async () => {
		expect(await refusals("POST", "/chat", CHADIS)).toEqual(documented());
		expect(await refusals("POST", "/voice", CHADIS)).toEqual(documented());
	});

	it("is refused by the portal", async () => {
		expect(await refusals("PATCH", "/portal/config", await client.bearer("role=admin"))).toEqual(documented());
	});

	it("is refused by a conversation, or has no say where it is an object", async () => {
		const harmless = { "wrong types": "accepted", "NUL": "accepted", "lone surrogates": "accepted", "as many levels as fit": "session_limit" };
		const codes = await refusals("POST", "/conversation/session", CHADIS);
		expect(Object.values(codes).sort()).toEqual(Object.values(documented(harmless)).sort());
	});

	it("is refused by the webhook before it is looked at", async () => {
		const codes = Object.fromEntries(BODIES.map(([name, , code]) => [name, name === "1 MB" ? code : "invalid_signature"]));
		expect(await refusals("POST", "/webhooks/stripe", { "Stripe-Signature": "t=1,v1=00" })).toEqual(codes);
	});
});

describe("under load", () => {
	const TURNS = 300;
	const AT_ONCE = 30;
	const counts = (): Record<string, unknown> | undefined =>
		rows(folder, `
			SELECT
				(SELECT COUNT(*) FROM chat_messages WHERE role = 'user') AS questions,
				(SELECT COUNT(*) FROM chat_messages WHERE role = 'assistant') AS answers,
				(SELECT SUM(messages) FROM metrics_daily) AS metrics,
				(SELECT SUM(messages) FROM usage_daily) AS daily,
				(SELECT SUM(messages) FROM usage_monthly) AS monthly
		`)[0];

	it(`answers and records ${TURNS} visitors, ${AT_ONCE} at a time`, async () => {
		const before = counts() ?? {};
		const turns = Array.from({ length: TURNS }, (_, index) => index).values();
		const statuses: number[] = [];
		const visitor = async (): Promise<void> => {
			for (const turn of turns) {
				const response = await client.post("/chat", { message: `Question ${turn}`, visitor_id: `visitor-${turn}` }, PANNU);
				await response.arrayBuffer();
				statuses.push(response.status);
			}
		};
		await Promise.all(Array.from({ length: AT_ONCE }, visitor));
		expect(statuses).toEqual(Array.from({ length: TURNS }, () => 200));
		const after = Object.fromEntries(Object.entries(before).map(([name, count]) => [name, Number(count) + TURNS]));
		// The record is written after the answer has left.
		await expect.poll(counts, { timeout: 10_000 }).toEqual(after);
	}, 60_000);
});

describe("a second start", () => {
	it("on a busy port says so and ends", async () => {
		const other = createFolder();
		expect(await startInVain(other, run.port)).toEqual({
			exitCode: 1,
			output: `Port ${run.port} is in use: end the program that has it, or choose another port, as in PORT=${run.port + 1} npm start.\n`,
		});
		removeFolder(other);
	});

	it("on the same state says so and ends", async () => {
		const { exitCode, output } = await startInVain(folder, run.port === 65_535 ? 1024 : run.port + 1);
		expect(exitCode).toBe(1);
		expect(output).toMatch(new RegExp(`^Another local run \\(process \\d+, ${run.origin}\\) uses .*: end it first, or choose another folder with KOBY_STATE_DIR\\.\\n$`));
	});
});

/** One legacy question of always the same client. */
async function insist(): Promise<number> {
	const headers = { "Content-Type": "application/json", "CF-Connecting-IP": "10.2.0.1" };
	const response = await fetch(`${run.origin}/chat`, { method: "POST", headers, body: '{"message":"Hello"}' });
	await response.arrayBuffer();
	return response.status;
}

describe("Ctrl-C", () => {
	it("comes while a client is refused for calling too often", async () => {
		// Twice the limit and more: a minute may begin in between.
		const statuses = await Promise.all(Array.from({ length: 25 }, insist));
		expect(statuses.filter((status) => status !== 200)).toContain(429);
	});

	it("ends every process, and frees the port", async () => {
		const processes = run.processes();
		const { exitCode } = await run.interrupt();
		expect(exitCode).toBe(0);
		expect(processes.length).toBeGreaterThan(2);
		await expect.poll(() => processes.filter(isRunning), { timeout: 5000 }).toEqual([]);
		await expect.poll(() => isPortFree(run.port), { timeout: 10_000 }).toBe(true);
	});
});

describe("a later start", () => {
	it("finds the data as it was, forgets who called too often, and calls a vendor whose key is there", async () => {
		const stored = (): unknown => rows(folder, "SELECT (SELECT COUNT(*) FROM chat_messages) AS messages, (SELECT SUM(messages) FROM metrics_daily) AS metrics, (SELECT COUNT(*) FROM orgs) AS orgs");
		const before = stored();
		run = await startLocal(folder, "CLERK_DOMAIN=clerk.example.com\nMISSPELT_KEY=1\n");
		client = createClient(run.origin);
		expect(stored()).toEqual(before);
		expect(await insist()).toBe(200);
		expect(await answer(await client.send("/local/status"))).toMatchObject({ body: { vendors: { clerk: "real", gemini: "stand_in" } } });
		expect(await answer(await client.send("/local/token?role=admin"))).toMatchObject({ status: 404, body: { error: { code: "not_found", message: expect.stringMatching(/^CLERK_DOMAIN is set/) } } });
		expect(run.output()).toMatch(/Clerk +real \(CLERK_DOMAIN in \.dev\.vars\)/);
		expect(run.output()).toContain("Not used: MISSPELT_KEY in .dev.vars.");
	}, START_LIMIT_MS);
});
