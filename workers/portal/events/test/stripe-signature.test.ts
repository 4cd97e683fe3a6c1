import { describe, expect, it } from "vitest";
import { NOW_SECONDS, RECEIVED, SECRET, hmac, post, stripeEvent, testSettings } from "./stripe-fixture.ts";

const settings = testSettings();
const PAYLOAD = JSON.stringify(stripeEvent("customer.updated", { id: "cus_1", object: "customer" }), null, 2);
const v1 = await hmac(PAYLOAD, SECRET, NOW_SECONDS);
const anothers = await hmac(PAYLOAD, `${SECRET}x`, NOW_SECONDS);
const overNaN = await hmac(PAYLOAD, SECRET, "NaN");

const REFUSED = {
	status: 400,
	body: {
		error: {
			code: "invalid_signature",
			message:
				"The Stripe-Signature header does not fit this body; check that STRIPE_WEBHOOK_SECRET is the signing secret of this endpoint.",
			request_id: "req_1",
		},
	},
};
function send(header: string, body: BodyInit = PAYLOAD, overrides = {}) {
	return post(testSettings(overrides), body, { "Stripe-Signature": header });
}

async function signedAt(seconds: number): Promise<string> {
	return `t=${seconds},v1=${await hmac(PAYLOAD, SECRET, seconds)}`;
}

describe("the signature", () => {
	it("is computed here as Python's hmac computes it", async () => {
		expect(await hmac('{"id":"evt_1","object":"event"}', "whsec_test", 1_700_000_000)).toBe(
			"4c15fb2a43f93ef61eaa3e0893866d57cad9cad4223242cfb96f362480cb4021",
		);
		expect(await hmac('{"id":"evt_2","object":"event","note":"é✓😀"}', "whsec_test", 1_700_000_000)).toBe(
			"daf42fdef6a55f387d8cadd272bce42bda3a36603a1d4a15d04cfd8b4e296010",
		);
	});

	it.each([
		["of this body and secret", `t=${NOW_SECONDS},v1=${v1}`],
		["beside a wrong one", `t=${NOW_SECONDS},v1=${"0".repeat(64)},v1=${v1}`],
		["beside another scheme's", `t=${NOW_SECONDS},v1=${v1},v0=${"0".repeat(64)}`],
		["beside a word", `t=${NOW_SECONDS},v1=${v1},v1=potato`],
	])("is accepted %s", async (_name, header) => {
		expect(await send(header)).toEqual(RECEIVED);
	});

	it.each([-300, -299, 0, 299, 300])("is accepted %d s from now", async (offset) => {
		expect(await send(await signedAt(NOW_SECONDS + offset))).toEqual(RECEIVED);
	});

	it.each([-86_400, -301, 301, 86_400, 315_576_000])("is refused %d s from now", async (offset) => {
		expect(await send(await signedAt(NOW_SECONDS + offset))).toEqual(REFUSED);
	});

	it.each([
		["an empty header", ""],
		["a word", "bad_header"],
		["free text", "I'm not even a real signature header"],
		["a timestamp alone", `t=${NOW_SECONDS}`],
		["no timestamp", `v1=${v1}`],
		["an empty timestamp", `t=,v1=${v1}`],
		["another scheme only", `t=${NOW_SECONDS},v0=${v1}`],
		["a wrong signature", `t=${NOW_SECONDS},v1=${"0".repeat(64)}`],
		["a short signature", `t=${NOW_SECONDS},v1=${v1.slice(0, 63)}`],
		["an empty signature", `t=${NOW_SECONDS},v1=`],
		["upper-case hex", `t=${NOW_SECONDS},v1=${v1.toUpperCase()}`],
		["a space after the comma", `t=${NOW_SECONDS}, v1=${v1}`],
		["another timestamp", `t=${NOW_SECONDS - 1},v1=${v1}`],
		["a timestamp with a letter behind", `t=${NOW_SECONDS}x,v1=${v1}`],
		["two timestamps", `t=${NOW_SECONDS},t=${NOW_SECONDS},v1=${v1}`],
		["another secret's", `t=${NOW_SECONDS},v1=${anothers}`],
		["one over NaN", `t=NaN,v1=${overNaN}`],
	])("is refused with %s", async (_name, header) => {
		expect(await send(header)).toEqual(REFUSED);
	});

	it("is refused when there is no header", async () => {
		expect(await post(settings, PAYLOAD, {})).toEqual(REFUSED);
	});

	const good = `t=${NOW_SECONDS},v1=${v1}`;
	it.each([
		["of one changed byte", PAYLOAD.replace("cus_1", "cus_2")],
		["serialised anew", JSON.stringify(JSON.parse(PAYLOAD))],
		["with CRLF", PAYLOAD.replaceAll("\n", "\r\n")],
		["with a byte order mark", `\uFEFF${PAYLOAD}`],
		["that is not UTF-8", new Uint8Array([0x7b, 0xff, 0x7d])],
		["that is empty", ""],
	])("is refused for a body %s", async (_name, body) => {
		expect(await send(good, body)).toEqual(REFUSED);
	});

	it("is refused for a compressed body whose content was signed", async () => {
		const body = new Response(PAYLOAD).body?.pipeThrough(new CompressionStream("gzip"));
		const bytes = await new Response(body ?? null).arrayBuffer();
		expect(await post(settings, bytes, { "Stripe-Signature": good, "Content-Encoding": "gzip" })).toEqual(REFUSED);
	});

	it("decides whatever the media type says", async () => {
		expect(await post(settings, PAYLOAD, { "Stripe-Signature": good, "Content-Type": "text/plain" })).toEqual(RECEIVED);
	});
});

describe("rolling secrets", () => {
	const header = `t=${NOW_SECONDS},v1=${v1}`;

	it.each([`${SECRET},whsec_old`, `whsec_new,${SECRET}`, ` whsec_new ,\n${SECRET}\n`, `,whsec_a,whsec_b,${SECRET},`])(
		"either secret of the list is accepted (%#)",
		async (webhookSecret) => {
			expect(await send(header, PAYLOAD, { webhookSecret })).toEqual(RECEIVED);
		},
	);

	it.each(["whsec_new", "whsec_a,whsec_b,whsec_c", `whsec_a,whsec_b,whsec_c,${SECRET}`])(
		"a secret that is no longer listed, or listed fourth, is refused (%#)",
		async (webhookSecret) => {
			expect(await send(header, PAYLOAD, { webhookSecret })).toEqual(REFUSED);
		},
	);
});
