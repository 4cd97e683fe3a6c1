import { describe, expect, it } from "vitest";
import { rows } from "../local-run.ts";
import { CHADIS, PANNU, TEST } from "./stage.ts";
import type { Stage } from "./stage.ts";

/** What a careless caller and many callers at once do to a run. */
export function loadTests(stage: Stage): void {
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
			[
				"as many levels as fit",
				`{"message":${deep(5000)},"text":${deep(5000)},"greeting":${deep(5000)}}`,
				"invalid_request",
			],
		];

		/** Sends every body and says what each was refused with. */
		async function refusals(
			method: string,
			path: string,
			credentials: Record<string, string>,
		): Promise<Record<string, unknown>> {
			const headers = { "Content-Type": "application/json", ...credentials };
			const codes = BODIES.map(async ([name, body, code]) => {
				const send = (): Promise<Response> => stage.client().send(path, { method, headers, body });
				// What is refused for its size before all of it is there may find the connection closed while it is still on its way.
				const response = await (code === "payload_too_large" ? send().catch(send).catch(send) : send());
				const refusal = Object(await response.json());
				return [name, response.status < 500 ? (refusal.error?.code ?? "accepted") : response.status];
			});
			return Object.fromEntries(await Promise.all(codes));
		}

		const documented = (changed: Record<string, unknown> = {}): Record<string, unknown> => ({
			...Object.fromEntries(BODIES.map(([name, , code]) => [name, code])),
			...changed,
		});

		it("is refused by chat and voice", async () => {
			expect(await refusals("POST", "/chat", CHADIS)).toEqual(documented());
			expect(await refusals("POST", "/voice", CHADIS)).toEqual(documented());
		});

		it("is refused by the portal", async () => {
			expect(await refusals("PATCH", "/portal/config", await stage.client().bearer("role=admin"))).toEqual(
				documented(),
			);
		});

		it("is refused by a conversation, or has no say where it is an object", async () => {
			const harmless = {
				"wrong types": "accepted",
				NUL: "accepted",
				"lone surrogates": "accepted",
				"as many levels as fit": "accepted",
			};
			const codes = await refusals("POST", "/conversation/session", TEST);
			expect(Object.values(codes).sort()).toEqual(Object.values(documented(harmless)).sort());
		});

		it("is refused by the webhook before it is looked at", async () => {
			const codes = Object.fromEntries(
				BODIES.map(([name, , code]) => [name, name === "1 MB" ? code : "invalid_signature"]),
			);
			expect(await refusals("POST", "/webhooks/stripe", { "Stripe-Signature": "t=1,v1=00" })).toEqual(codes);
		});
	});

	describe("a program that answers an answer at once", () => {
		const CHAINS = 20;
		const LENGTH = 5;

		/** Sends each message as soon as the answer to the last one is there. */
		async function talk(chain: number): Promise<unknown[]> {
			const sessions: unknown[] = [];
			let session_id: unknown;
			for (let turn = 0; turn < LENGTH; turn++) {
				const response = await stage
					.client()
					.post("/chat", { message: `Turn ${turn}`, visitor_id: `program-${chain}`, session_id }, PANNU);
				({ session_id } = Object(await response.json()));
				sessions.push(session_id);
			}
			return sessions;
		}

		it("stays in its session, though the turn before is recorded after its answer has left", async () => {
			const talks = await Promise.all(Array.from({ length: CHAINS }, (_, chain) => talk(chain)));
			expect(talks.map((sessions) => new Set(sessions).size)).toEqual(Array.from({ length: CHAINS }, () => 1));
			const recorded = () =>
				rows(stage.folder, "SELECT message_count FROM chat_sessions WHERE visitor_id GLOB 'program-*'");
			await expect
				.poll(recorded, { timeout: 10_000 })
				.toEqual(Array.from({ length: CHAINS }, () => ({ message_count: 2 * LENGTH })));
		});
	});

	describe("under load", () => {
		const TURNS = 300;
		const AT_ONCE = 30;
		const counts = (): Record<string, unknown> | undefined =>
			rows(
				stage.folder,
				`
				SELECT
					(SELECT COUNT(*) FROM chat_messages WHERE role = 'user') AS questions,
					(SELECT COUNT(*) FROM chat_messages WHERE role = 'assistant') AS answers,
					(SELECT SUM(messages) FROM metrics_daily) AS metrics,
					(SELECT SUM(messages) FROM usage_daily) AS daily,
					(SELECT SUM(messages) FROM usage_monthly) AS monthly
			`,
			)[0];

		it(`answers and records ${TURNS} visitors, ${AT_ONCE} at a time`, async () => {
			// What was answered before is recorded: nothing stays reserved.
			await expect.poll(() => counts()?.daily === counts()?.metrics, { timeout: 10_000 }).toBe(true);
			const before = counts() ?? {};
			const turns = Array.from({ length: TURNS }, (_, index) => index).values();
			const statuses: number[] = [];
			const visitor = async (): Promise<void> => {
				for (const turn of turns) {
					const response = await stage
						.client()
						.post("/chat", { message: `Question ${turn}`, visitor_id: `visitor-${turn}` }, PANNU);
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
}
