import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { callsOf } from "../../../local/stand-ins/control.ts";
import { articleStatements } from "../../../lib/knowledge/test/knowledge-samples.ts";
import { PLANTED } from "../../../lib/privacy/test/planted.ts";
import { PLANTED_LATER } from "../../../lib/privacy/test/planted-later.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import { ask, envelope, hear, speech, vendorKey } from "../../test/client.ts";
import { run } from "../../test/d1.ts";

const ORG = "org_pannu_dental";
const SITE_LIMITER = { limit: () => Promise.resolve({ success: true }) };

beforeEach(() => resetDatabase(env.DB));

const setPrivacy = (mode: string) => run(`UPDATE org_config SET privacy = '${mode}' WHERE org_id = '${ORG}'`);

/** What ElevenLabs was sent to speak. */
async function spoken(key: string): Promise<string[]> {
	return (await callsOf(key)).map(({ body }) => String(Object(body).text));
}

async function spokenOf(text: string): Promise<string | undefined> {
	const key = vendorKey();
	await hear(speech(text, key, { env: { SITE_LIMITER } }));
	return (await spoken(key)).at(-1);
}

describe("speech", () => {
	it("is sent as it is where the org hides nothing", async () => {
		await setPrivacy("standard");
		expect(await spokenOf("Call me at 512-555-0147.")).toBe("Call me at 512-555-0147.");
	});

	it.each(["redact", "no_store"])("names what it hides with privacy %s", async (mode) => {
		await setPrivacy(mode);
		expect(await spokenOf(`${mode}: call me at 512-555-0147, born 04/12/1987, card 4111 1111 1111 1111.`)).toBe(
			`${mode}: call me at phone number, born birth date, card card number.`,
		);
	});

	it("speaks the practice's own, from its configuration and its knowledge", async () => {
		await setPrivacy("redact");
		await run(`UPDATE org_config SET contact = 'Call (512) 555-0100' WHERE org_id = '${ORG}'`);
		const article = {
			id: "k1",
			title: "Where we are",
			body: "4512 Oak Hill Drive. Fax (512) 555-0177, mail desk@pannu.example.",
		};
		await env.DB.batch(articleStatements(env.DB, ORG, article));
		const own = "Call 512-555-0100, fax +1 512 555 0177, write to desk@pannu.example or come to 4512 Oak Hill Dr.";
		expect(await spokenOf(own)).toBe(own);
		expect(
			await spokenOf("Call 512-555-0101, fax 512-555-0178, write to jane@pannu.example, at 4513 Oak Hill Dr."),
		).toBe("Call phone number, fax phone number, write to e-mail address, at address");
	});

	it("speaks by what name the assistant goes", async () => {
		await setPrivacy("redact");
		await run(`UPDATE org_config SET display_name = 'Pearl of Happy Teeth' WHERE org_id = '${ORG}'`);
		const own = "My name is Pearl. I am Happy Teeth's assistant.";
		expect(await spokenOf(own)).toBe(own);
		expect(await spokenOf("My name is Jane Roe.")).toBe("My name is name.");
	});

	it("never takes another org's for the practice's own", async () => {
		await setPrivacy("redact");
		await env.DB.batch(
			articleStatements(env.DB, "org_chadis", { id: "k2", title: "Fax", body: "Fax (512) 555-0177." }),
		);
		expect(await spokenOf("The fax is 512-555-0177.")).toBe("The fax is phone number.");
	});

	it("keeps no clip where nothing is kept", async () => {
		await setPrivacy("no_store");
		const key = vendorKey();
		const sent = speech("We open at nine.", key);
		expect([(await hear(sent)).headers.get("X-Cache"), (await hear(sent)).headers.get("X-Cache")]).toEqual([
			"MISS",
			"MISS",
		]);
	});

	it("is refused where hiding fails, before anything is reserved or sent", async () => {
		await setPrivacy("redact");
		const key = vendorKey();
		const spy = vi.spyOn(Uint8Array.prototype, "fill").mockImplementation(() => {
			throw new Error("512-555-0147");
		});
		const answer = await ask(speech("Ring me at 512-555-0147.", key));
		spy.mockRestore();
		expect(answer.status).toBe(503);
		expect(answer.body).toEqual(envelope(answer, "unavailable"));
		expect(await spoken(key)).toEqual([]);
		expect(await env.DB.prepare("SELECT COUNT(*) AS turns FROM turns").first()).toEqual({ turns: 0 });
	});

	it("of over two hundred planted identifiers has none", async () => {
		await setPrivacy("redact");
		const all = [...PLANTED, ...PLANTED_LATER];
		const key = vendorKey();
		for (const { text } of all) await hear(speech(text, key, { env: { SITE_LIMITER } }));
		const heard = (await spoken(key)).join("\n").toLowerCase();
		const long = all.flatMap(({ secrets }) => secrets).filter((secret) => !/^\d{1,6}$/.test(secret));
		expect(long.length).toBeGreaterThan(250);
		expect(long.filter((secret) => heard.includes(secret.toLowerCase()))).toEqual([]);
	}, 120_000);
});
