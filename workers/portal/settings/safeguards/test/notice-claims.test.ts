import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createPortal, NOW } from "../../../test/portal.ts";
import { seedTwins } from "../../../test/seed.ts";
import { configClient, forgetConfig } from "../../test/config-client.ts";
import type { ConfigClient } from "../../test/config-client.ts";

let client: ConfigClient;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	client = configClient(await createPortal());
	await seedTwins(env.DB);
});

beforeEach(() => forgetConfig(env.DB));

const CLAIM =
	"must not let the assistant pass for a person or bear a person's title (Dr., MD, RN, nurse, dentist, therapist and the like); write a title only after “not”, “of”, “for”, “at”, “call” or “ask your”, or leave it out";

describe("a notice of the practice's own", () => {
	it.each([
		"I am Dr. Ava, your dentist.",
		"You are chatting with Dr. Ava of Smile Dental.",
		"Hi, I'm Ava, RN.",
		"Ava, M.D., answers your questions.",
		"Your virtual nurse at Smile Dental.",
		"Our AI doctor answers at any hour.",
		"NurseBot of Smile Dental",
		"I am your nurse.",
		"Meet our AI dental assistant.",
		"Dr. Bot",
		"ＤＲ. Ava",
		"This is the the\u200brapist of the practice.",
		"I am an AI. I am also a licensed therapist.",
		"I am not only an assistant but a nurse.",
		"I am not a bot.",
		"This isn't an AI.",
		"I’m a real person.",
		"You are talking to a human.",
		"A live agent answers here.",
		"Soy la doctora Ana.",
		"Enfermera virtual de Smile Dental",
		"Hablas con una persona real.",
		"Soy su médico de confianza.",
	])("is refused where it says %j", async (notice) => {
		expect(await client.patch({ ai_notice: notice })).toMatchObject({
			status: 422,
			body: { error: { fields: [{ field: "ai_notice", message: CLAIM }] } },
		});
	});

	it.each([
		"AI assistant of Dr. Lee's dental practice. Not a person, not a dentist, and not medical advice.",
		"This AI is not a doctor, nurse or therapist.",
		"Automated assistant for the patients of Jane Doe, DDS.",
		"AI assistant of Smile Dental, Baltimore, MD.",
		"An AI answers here. For advice, call your doctor.",
		"Please ask your dentist. To talk to a nurse, call 555 010 0199.",
		"This chat doesn't replace a dentist.",
		"AI assistant for people with questions about their bill; no human reads along.",
		"I am an AI assistant, not a human. Don't share health details.",
		"Asistente de IA de la consulta del Dr. Lee. No es una persona ni un médico.",
		"Soy un asistente automático. Consulte a su dentista.",
		"KI der Praxis. Kein Mensch.",
		"Do write to us: drive to 5 Nursery Road, open 8 to 5.",
	])("is taken where it says %j", async (notice) => {
		expect(await client.patch({ ai_notice: notice })).toMatchObject({
			status: 200,
			body: { config: { ai_notice: notice } },
		});
	});

	it("is looked through whatever it repeats", async () => {
		for (const text of ["not ", "as dr ", "a.b.", "aA", "i am a ", "talk to ", "n't", "dr."]) {
			const { status } = await client.patch({ ai_notice: text.repeat(500).slice(0, 500) });
			expect([200, 422], text).toContain(status);
		}
	});
});
