import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { CHADIS_KEY, STREAMED, newClient } from "../../test/client.ts";
import { rows } from "../../test/tables.ts";

beforeEach(() => resetDatabase(env.DB));

const call = { key: CHADIS_KEY, headers: STREAMED };

describe("a visitor who leaves", () => {
	it("half way through a streamed answer leaves it recorded whole", async () => {
		const client = newClient();
		await client.gemini({ chunk_delay_ms: 20, reply: { pieces: ["We open", " at nine", " and close", " at five."] } });
		const { response, settled } = client.start(call);
		const reader = (await response).body?.getReader();
		await reader?.read();
		await reader?.cancel();
		await settled();
		expect((await client.asked()).map(({ response }) => response)).toEqual(["complete"]);
		expect(await rows("SELECT content FROM chat_messages ORDER BY rowid")).toEqual([
			{ content: "When do you open?" },
			{ content: "We open at nine and close at five." },
		]);
		expect(await rows("SELECT messages, errors FROM metrics_daily")).toEqual([{ messages: 1, errors: 0 }]);
	});

	it("without reading a byte leaves the answer recorded", async () => {
		const client = newClient();
		const { response, settled } = client.start(call);
		await response;
		await settled();
		expect(await rows("SELECT role FROM chat_messages ORDER BY rowid")).toEqual([
			{ role: "user" },
			{ role: "assistant" },
		]);
	});

	it("before a whole answer is there leaves it recorded", async () => {
		const client = newClient();
		await client.gemini({ delay_ms: 50 });
		const { settled } = client.start({ key: CHADIS_KEY });
		await vi.waitFor(async () => expect(await client.asked()).toHaveLength(1));
		await settled();
		expect(await rows("SELECT role FROM chat_messages ORDER BY rowid")).toEqual([
			{ role: "user" },
			{ role: "assistant" },
		]);
	});
});
