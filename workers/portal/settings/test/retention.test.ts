import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { createPortal, NOW } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, member, seedTwins } from "../../test/seed.ts";

let portal: Portal;

beforeEach(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
});

interface Retention {
	privacy: string;
	periods: { subject: string; days: number | null; text: string }[];
}

async function retention(set: string): Promise<Retention> {
	await env.DB.prepare(`UPDATE org_config SET ${set} WHERE org_id = 'org_chadis'`).run();
	const { status, text } = await portal.call("/portal/retention", { as: member(CHADIS) });
	expect(status).toBe(200);
	return JSON.parse(text);
}

const of = ({ periods }: Retention, subject: string) => periods.find((period) => period.subject === subject);

describe("GET /portal/retention", () => {
	it("says in words what is kept by default, and how long", async () => {
		const told = await retention("retention_days = NULL, privacy = NULL");
		expect(told.privacy).toBe("standard");
		expect(of(told, "conversations")).toEqual({
			subject: "conversations",
			days: 90,
			text: "Conversations are kept for 90 days after the last message, as they were written.",
		});
		expect(told.periods.map(({ subject, days }) => [subject, days])).toEqual([
			["conversations", 90],
			["leads", 90],
			["questions", 90],
			["voice_conversations", 90],
			["spoken_clips", 1],
			["numbers", 800],
			["audit_log", 730],
			["configuration", 730],
			["backups", 30],
		]);
		for (const { text, days } of told.periods) expect(text).toContain(days === 1 ? "24 hours" : `${days} days`);
	});

	it("follows what the customer has set", async () => {
		const redacted = await retention("retention_days = 500, privacy = 'redact'");
		expect(of(redacted, "conversations")?.text).toBe(
			"Conversations are kept for 500 days after the last message; what tells who a visitor is was replaced before they were stored.",
		);
		expect(of(redacted, "voice_conversations")?.days).toBe(400);
		const unstored = await retention("retention_days = 0, privacy = 'no_store'");
		expect(of(unstored, "conversations")).toEqual({
			subject: "conversations",
			days: null,
			text: "Of conversations only that they took place is kept, for good after the last message; no word of them is.",
		});
		expect(of(unstored, "questions")?.text).toBe("Questions are not ranked.");
		expect(of(unstored, "spoken_clips")?.days).toBe(0);
	});
});
