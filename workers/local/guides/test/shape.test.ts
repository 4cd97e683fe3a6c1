import { describe, expect, it } from "vitest";
import { linesFault, shapeFault } from "../shape.ts";

describe("what a page shows of a JSON answer", () => {
	const FOUND = {
		response: "CHADIS is a system.",
		session_id: "c9efe90c-f068-4c1d-a0d0-a2022ca634a3",
		latency_ms: 12,
		sources: [{ title: "What CHADIS is" }, { title: "More" }],
	};

	it.each([
		["a part", { response: "CHADIS is a system." }],
		["another id", { session_id: "00000000-0000-4000-8000-000000000000" }],
		["another number", { latency_ms: 4000 }],
		["the beginning of a text", { response: "CHADIS is…" }],
		["the first of several", { sources: [{ title: "What CHADIS is" }] }],
		["null for anything", { response: null }],
	])("goes with %s", (_, shown) => {
		expect(shapeFault(shown, FOUND)).toBeUndefined();
	});

	it.each([
		["another text", { response: "CHADIS was a system." }, 'it.response is "CHADIS is a system."'],
		["a member that is not there", { finish: "stop" }, "it.finish is undefined"],
		["another kind", { latency_ms: "12" }, "it.latency_ms is 12"],
		["more items than there are", { sources: [null, null, { title: "Third" }] }, "it.sources[2] is undefined"],
		["a list that is none", { response: [] }, "it.response is no list"],
	])("does not go with %s", (_, shown, fault) => {
		expect(shapeFault(shown, FOUND)).toBe(fault);
	});
});

describe("what a page shows of a text", () => {
	const FOUND = "event: session\ndata: 1\n\nevent: delta\ndata: 2\n\nevent: done\n";

	it("goes with lines in their order, with others between them", () => {
		expect(linesFault("event: session\ndata: 7\nevent: done", FOUND)).toBeUndefined();
	});

	it("does not go with another order, or a line that is not there", () => {
		expect(linesFault("event: done\nevent: session", FOUND)).toBe("it has not, or not there: event: session");
		expect(linesFault("event: error", FOUND)).toBe("it has not, or not there: event: error");
	});
});
