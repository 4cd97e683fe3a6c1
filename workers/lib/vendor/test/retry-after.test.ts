import { describe, expect, it } from "vitest";
import { retryAfterSeconds } from "../call.ts";

const NOW = Date.parse("2026-11-28T12:00:00.000Z");
const read = (value: string): number | undefined =>
	retryAfterSeconds({ headers: new Headers({ "Retry-After": value }) }, NOW);

describe("the wait that a vendor asks for", () => {
	it.each([
		["0", 0],
		["7", 7],
		[" 120 ", 120],
		["99999999", 99_999],
		["Sat, 28 Nov 2026 12:00:30 GMT", 30],
		["Saturday, 28-Nov-26 12:01:00 GMT", 60],
		["Sat Nov 28 12:02:00 2026", 120],
		["Sat, 28 Nov 2026 11:59:59 GMT", 0],
		["Thu, 01 Jan 1970 00:00:00 GMT", 0],
		["Fri, 31 Dec 9999 23:59:59 GMT", 99_999],
	])("is read from %j as %i s", (value, seconds) => {
		expect(read(value)).toBe(seconds);
	});

	it.each([
		"",
		"-5",
		"1.5",
		"1e3",
		"10 s",
		"soon",
		"2026-11-28T12:00:30Z",
		"Sat, 99 Foo 2026 12:00:30 GMT",
		"1".repeat(16),
	])("is none in %j", (value) => {
		expect(read(value)).toBeUndefined();
	});

	it("is none without the header", () => {
		expect(retryAfterSeconds({ headers: new Headers() }, NOW)).toBeUndefined();
	});
});
