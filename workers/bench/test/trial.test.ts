import { expect, test } from "vitest";
import { createDice } from "../trial/parts/random.ts";
import { isKept } from "../trial/parts/trial.ts";
import { linesOf, readLog } from "../trial/soak/log.ts";

const WORD = "qxavjzk";

test("dice of one seed fall alike, of another seed otherwise", () => {
	const rolls = (seed: number): number[] => {
		const dice = createDice(seed);
		return Array.from({ length: 50 }, () => dice.below(1000));
	};
	expect(rolls(7)).toEqual(rolls(7));
	expect(rolls(7)).not.toEqual(rolls(8));
});

test("dice happen as often as they are told", () => {
	const dice = createDice(1);
	const hits = Array.from({ length: 100_000 }, () => dice.happens(0.05)).filter(Boolean).length;
	expect(hits / 100_000).toBeCloseTo(0.05, 2);
	expect(new Set(Array.from({ length: 200 }, () => dice.pick(["a", "b", "c"])))).toEqual(new Set(["a", "b", "c"]));
});

test("a promise is kept where what was found is what was expected, to the type", () => {
	expect(isKept({ promise: "p", expected: 0, found: 0 })).toBe(true);
	expect(isKept({ promise: "p", expected: 0, found: "0" })).toBe(false);
});

test.each([
	["a word of a message", `{"level":"info","event":"e","text":"Question to ${WORD}"}`],
	["an address", '{"level":"info","event":"e","to":"visitor1@mail.example"}'],
	["a token", '{"level":"info","event":"e","token":"eyJhbGciOiJSUzI1NiJ9.e30.x"}'],
	["a site key", '{"level":"info","event":"e","key":"sk_soak0_live_chat0"}'],
	["a secret", '{"level":"info","event":"e","secret":"whsec_0123"}'],
	["a link that lets somebody in", '{"level":"info","event":"e","url":"wss://api.example/x"}'],
])("a log line with %s is a leak", (_, line) => {
	expect(readLog([line], [WORD]).leaks).toEqual([line]);
});

test("the log is read by events; what no worker wrote stands apart, but for the streams that workers break", () => {
	const line = '{"level":"error","event":"turn_not_logged","message_id":"m"}';
	const strange = "Uncaught exception: something else";
	const log = readLog(
		[line, strange, "Uncaught exception: workerd/jsg: failed: remote.jsg.Error: the clip was cut"],
		[WORD],
	);
	expect(linesOf(log, "turn_not_logged")).toEqual([{ level: "error", event: "turn_not_logged", message_id: "m" }]);
	expect([log.strange, log.leaks]).toEqual([[strange], []]);
});
