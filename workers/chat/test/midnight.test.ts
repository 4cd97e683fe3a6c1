import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../lib/test/database.ts";
import { PANNU_KEY, expectError, newClient } from "./client.ts";
import { rate } from "./routes.ts";
import { rows, run } from "./tables.ts";

const LAST_MS = Date.parse("2026-03-31T23:59:59.999Z");
const TOMORROW_MS = Date.parse("2026-04-01T00:00:00.000Z");

beforeEach(async () => {
	await resetDatabase(env.DB);
	vi.useFakeTimers({ toFake: ["Date"], now: LAST_MS });
});
afterEach(() => vi.useRealTimers());

const days = (): Promise<unknown> => rows("SELECT date, messages FROM usage_daily ORDER BY date");
const months = (): Promise<unknown> => rows("SELECT month, messages FROM usage_monthly ORDER BY month");

describe("at midnight UTC", () => {
	it("a used-up day gives way to the next, the month with it, to the unit", async () => {
		await run("INSERT INTO usage_daily (org_id, date, messages) VALUES ('org_pannu_dental', '2026-03-31', 4995)");
		const crowd = () => Promise.all(Array.from({ length: 50 }, () => newClient().call({ key: PANNU_KEY })));
		const late = (await crowd()).filter(({ status }) => status === 200);
		expect(late).toHaveLength(5);
		const refused = await newClient().call({ key: PANNU_KEY });
		expect(refused.headers.get("Retry-After")).toBe("1");
		await expectError(refused, 429, "quota_exceeded");
		vi.setSystemTime(TOMORROW_MS);
		expect((await crowd()).map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
		expect(await days()).toEqual([
			{ date: "2026-03-31", messages: 5000 },
			{ date: "2026-04-01", messages: 50 },
		]);
		expect(await months()).toEqual([
			{ month: "2026-03", messages: 5000 },
			{ month: "2026-04", messages: 50 },
		]);
		expect(await rows("SELECT date, messages FROM metrics_daily ORDER BY date")).toEqual([
			{ date: "2026-03-31", messages: 5 },
			{ date: "2026-04-01", messages: 50 },
		]);
	});

	it("a turn that fails after it gives back on the day it was taken from", async () => {
		const client = newClient();
		await client.call({ key: PANNU_KEY });
		await client.gemini({ status: 403, delay_ms: 100 });
		const { response, settled } = client.start({ key: PANNU_KEY });
		await vi.waitFor(async () => expect(await client.asked()).toHaveLength(2));
		vi.setSystemTime(TOMORROW_MS);
		await expectError(await response, 503, "model_unavailable");
		await settled();
		expect(await days()).toEqual([{ date: "2026-03-31", messages: 1 }]);
		expect(await rows("SELECT date, messages, errors FROM metrics_daily")).toEqual([
			{ date: "2026-03-31", messages: 1, errors: 1 },
		]);
	});

	it("an answer that comes after it is rated on the day of its question", async () => {
		const client = newClient();
		await client.gemini({ delay_ms: 100 });
		const { response, settled } = client.start({ key: PANNU_KEY });
		await vi.waitFor(async () => expect(await client.asked()).toHaveLength(1));
		vi.setSystemTime(TOMORROW_MS);
		const { session_id, message_id }: { session_id: string; message_id: string } = await (await response).json();
		await settled();
		const talk = { key: PANNU_KEY, visitor: undefined, session_id, message_id };
		expect((await client.call(rate("up")(talk, PANNU_KEY))).status).toBe(204);
		expect(await rows("SELECT created_at FROM chat_messages WHERE role = 'assistant'")).toEqual([
			{ created_at: expect.stringMatching(/^2026-04-01/) },
		]);
		expect(await rows("SELECT date, messages, feedback_up FROM metrics_daily")).toEqual([
			{ date: "2026-03-31", messages: 1, feedback_up: 1 },
		]);
	});
});
