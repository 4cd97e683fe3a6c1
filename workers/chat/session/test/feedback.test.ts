import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { expectError, newClient } from "../../test/client.ts";
import { converse, counters, everything, rate } from "../../test/routes.ts";
import type { Conversation } from "../../test/routes.ts";
import { rows, run } from "../../test/tables.ts";

beforeEach(() => resetDatabase(env.DB));

async function send(talk: Conversation, rating: unknown, more: Record<string, unknown> = {}): Promise<number> {
	return (await newClient().call(rate(rating, more)(talk, talk.key))).status;
}

const rated = (): Promise<unknown> => rows("SELECT rating, rating_comment FROM chat_messages WHERE role = 'assistant'");
const counted = (feedback_up: number, feedback_down: number) => [
	{ site_id: "site_chadis", feedback_up, feedback_down, leads: 0 },
];

describe("a rating", () => {
	it("is set, changed and taken back, and the day counts what stands", async () => {
		const talk = await converse({ visitor: "v-1" });
		const response = await newClient().call(rate("up")(talk, talk.key));
		expect([response.status, await response.text()]).toEqual([204, ""]);
		expect(await rated()).toEqual([{ rating: "up", rating_comment: null }]);
		expect(await counters()).toEqual(counted(1, 0));
		expect(await send(talk, "down", { comment: " Not true. " })).toBe(204);
		expect(await rated()).toEqual([{ rating: "down", rating_comment: "Not true." }]);
		expect(await counters()).toEqual(counted(0, 1));
		expect(await send(talk, null, { comment: "Never mind." })).toBe(204);
		expect(await rated()).toEqual([{ rating: null, rating_comment: null }]);
		expect(await counters()).toEqual(counted(0, 0));
	});

	it("sent again counts once, and its comment is the last one", async () => {
		const talk = await converse();
		for (const comment of ["One", "Two", ""]) expect(await send(talk, "up", { comment })).toBe(204);
		expect(await rated()).toEqual([{ rating: "up", rating_comment: null }]);
		expect(await counters()).toEqual(counted(1, 0));
	});

	it("is counted exactly, however many change it at once", async () => {
		const talks = [await converse(), await converse(), await converse()];
		const ratings = ["up", "down", null, "down", "up", "up", null, "down"];
		await Promise.all(talks.flatMap((talk) => ratings.map((rating) => send(talk, rating))));
		const [standing] = await rows("SELECT SUM(rating IS 'up') AS up, SUM(rating IS 'down') AS down FROM chat_messages");
		expect(await counters()).toEqual(counted(Number(standing?.up), Number(standing?.down)));
		await Promise.all(talks.map((talk) => send(talk, "up")));
		expect(await counters()).toEqual(counted(3, 0));
		expect(await rows("SELECT rating_up, rating_down FROM chat_sessions")).toEqual(
			talks.map(() => ({ rating_up: 1, rating_down: 0 })),
		);
	});

	it("counts on the day of its question, whose row is made if it has none", async () => {
		const talk = await converse();
		await run("UPDATE chat_messages SET created_at = '2026-01-31T00:00:00.100Z' WHERE role = 'user'");
		expect(await send(talk, "up")).toBe(204);
		const days = "SELECT date, feedback_up, messages, last_at FROM metrics_daily WHERE feedback_up > 0";
		expect(await rows(days)).toEqual([
			{ date: "2026-01-31", feedback_up: 1, messages: 0, last_at: "2026-01-31T00:00:00.100Z" },
		]);
		expect(await send(talk, null)).toBe(204);
		expect(await rows(days)).toEqual([]);
	});

	it("is of an answer of this session: neither of a question nor of another's answer", async () => {
		const talk = await converse({ visitor: "v-1" });
		const other = await converse({ visitor: "v-2" });
		const [question] = await rows(
			"SELECT id FROM chat_messages WHERE session_id = ?1 AND role = 'user'",
			talk.session_id,
		);
		const before = await everything();
		for (const message_id of [question?.id, other.message_id, crypto.randomUUID(), "x"]) {
			await expectError(await newClient().call(rate("up", { message_id })(talk, talk.key)), 404, "not_found");
		}
		await expectError(
			await newClient().call(rate("up", { session_id: other.session_id })(talk, talk.key)),
			404,
			"not_found",
		);
		expect(await everything()).toEqual(before);
	});

	const bad: [string, unknown, string[]][] = [
		["nothing", {}, ["session_id", "message_id", "rating"]],
		["no rating", { session_id: "s", message_id: "m" }, ["rating"]],
		["another rating", { session_id: "s", message_id: "m", rating: "UP" }, ["rating"]],
		["a rating of another type", { session_id: "s", message_id: "m", rating: 1 }, ["rating"]],
		["ids of another type", { session_id: 1, message_id: ["m"], rating: null }, ["session_id", "message_id"]],
		[
			"ids that are too long",
			{ session_id: "s".repeat(65), message_id: "m".repeat(65), rating: null },
			["session_id", "message_id"],
		],
		["a long comment", { session_id: "s", message_id: "m", rating: "up", comment: "é".repeat(1001) }, ["comment"]],
		["NUL in the comment", { session_id: "s", message_id: "m", rating: "up", comment: "a\0b" }, ["comment"]],
	];

	it.each(bad)("with %s is refused, every bad field named", async (_, body, fields) => {
		const talk = await converse();
		const before = await everything();
		await expectError(
			await newClient().call({ path: "/feedback", key: talk.key, body }),
			422,
			"invalid_request",
			fields,
		);
		expect(await everything()).toEqual(before);
	});

	it("takes a comment of 1,000 characters of two units each", async () => {
		const talk = await converse();
		expect(await send(talk, "up", { comment: "😀".repeat(1000) })).toBe(204);
	});
});
