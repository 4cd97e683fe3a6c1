import { expect, test } from "vitest";
import { numberedShot, shortSession } from "../load/template.ts";

test("every numbered request has its own number and its own client, JSON around them left alone", () => {
	const shot = {
		url: "http://127.0.0.1/",
		method: "POST" as const,
		headers: { "CF-Connecting-IP": "{ip}", "X-Site-Key": "sk_a" },
		body: JSON.stringify({ message: "Question {n}", session_id: "{session}", n: {} }),
	};
	expect(numberedShot(shot, 66_051)).toEqual({
		url: "http://127.0.0.1/",
		method: "POST",
		headers: { "CF-Connecting-IP": "10.1.2.3", "X-Site-Key": "sk_a" },
		body: '{"message":"Question 66051","session_id":"20000033-0000-4000-8000-000000000000","n":{}}',
	});
});

test("short sessions come round again", () => {
	expect(shortSession(3001)).toBe(shortSession(1));
	expect(shortSession(1)).toBe("20000001-0000-4000-8000-000000000000");
});
