import { describe, expect, it } from "vitest";
import { answer } from "../local-client.ts";
import { CHADIS } from "./stage.ts";
import type { Stage } from "./stage.ts";
import { SCHEMA_VERSION } from "../../../lib/d1/schema-version.ts";

/** Every request of the user's document. */
export function requestTests(stage: Stage): void {
	describe("the gateway", () => {
		it("shows a page that names what runs, who is a stand-in and the commands, and asks nothing of anyone else", async () => {
			const response = await stage.client().send("/");
			const page = await response.text();
			expect(response.headers.get("content-security-policy")).toBe(
				"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-src 'self'; connect-src 'self'; media-src blob:; frame-ancestors 'none'",
			);
			for (const text of [
				"chadis-voice-conversation",
				"stand-ins answer for Clerk, Stripe, Gemini, Vertex AI, and ElevenLabs",
				"/local/token?role=admin&amp;org=org_chadis",
			])
				expect(page).toContain(text);
			expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\/|<script(?! src="\/\w)|style="/);
			expect((await stage.client().send("/local/page.css")).headers.get("content-type")).toBe(
				"text/css; charset=utf-8",
			);
			expect((await stage.client().send("/local/page.js")).headers.get("content-type")).toBe(
				"text/javascript; charset=utf-8",
			);
		});

		it("serves the sample customers' websites, with a widget where a key is named, and nothing of what else is in their address", async () => {
			const get = async (path: string) => (await stage.client().send(`/site/${path}`)).text();
			expect(await get("pannu-dental/?key=sk_pannu_test_def456&language=es")).toContain(
				'<script src="/chat/widget.js" data-site-key="sk_pannu_test_def456" data-language="es" async></script>',
			);
			expect(await get("chadis/?key=%22%3E%3Cb%3E&language=%22x")).not.toMatch(/<script|<b>|"x/);
			const site = await stage.client().send("/site/chadis/");
			expect(site.headers.get("content-security-policy")).toMatch(/^default-src 'none';.*frame-ancestors 'self'$/);
			expect((await stage.client().send("/site/nobody/")).status).toBe(404);
			expect((await stage.client().send("/billing?checkout=success")).status).toBe(200);
		});

		it("tells who is a stand-in", async () => {
			const names = ["clerk", "stripe", "gemini", "vertex_ai", "elevenlabs"];
			const vendors = Object.fromEntries(names.map((name) => [name, "stand_in"]));
			expect(await answer(await stage.client().send("/local/status"))).toEqual({ status: 200, body: { vendors } });
		});

		it.each([
			["/health", "koby-portal"],
			["/chat/health", "chadis-chat"],
			["/voice/health", "chadis-voice"],
			["/conversation/health?deep=1", "chadis-voice-conversation"],
		])("passes %s to %s without its prefix", async (path, worker) => {
			expect(await answer(await stage.client().send(path))).toEqual({
				status: 200,
				body: {
					status: "ok",
					worker,
					checks: { db: "ok" },
					schema: { expected: SCHEMA_VERSION, found: SCHEMA_VERSION },
				},
			});
		});

		it.each(["/nothing", "/chatty", "/local/nothing", "/voice/nothing", "/portal/nothing"])(
			"answers %s with the documented 404",
			async (path) => {
				expect(await answer(await stage.client().send(path))).toEqual({
					status: 404,
					body: {
						error: {
							code: "not_found",
							message: "There is nothing at this path; check its spelling, and the id in it.",
							request_id: expect.any(String),
						},
					},
				});
			},
		);

		it("names the faulty parameters of a token", async () => {
			const { status, body } = await answer(await stage.client().send("/local/token?role=owner"));
			expect(status).toBe(422);
			expect(body).toMatchObject({
				error: { code: "invalid_request", fields: [{ field: "role", message: "must be member, admin or staff" }] },
			});
		});
	});

	describe("the portal", () => {
		const KEYS = {
			overview: [
				"viewer",
				"org",
				"range",
				"totals",
				"previous",
				"today",
				"engines",
				"usage",
				"daily",
				"recent_sessions",
				"safety",
			],
			engines: ["engines"],
			workflows: ["workflows"],
			insights: [
				"range",
				"timezone",
				"totals",
				"previous",
				"daily",
				"latency",
				"by_engine",
				"top_questions",
				"unanswered",
				"safety",
			],
			team: ["members", "total", "source"],
			config: ["config", "version", "updated_at", "updated_by"],
		};

		it.each(Object.entries(KEYS))("answers a member's GET /portal/%s", async (page, keys) => {
			const { status, body } = await answer(
				await stage
					.client()
					.send(`/portal/${page}`, { headers: await stage.client().bearer("role=member&org=org_chadis") }),
			);
			expect(status).toBe(200);
			expect(Object.keys(Object(body)).sort()).toEqual(keys.toSorted());
		});

		it("lets the admin, not the member, change the configuration", async () => {
			const patch = async (role: string) =>
				stage.client().send("/portal/config", {
					method: "PATCH",
					headers: { "Content-Type": "application/json", ...(await stage.client().bearer(`role=${role}`)) },
					body: '{"locale":"de"}',
				});
			expect((await patch("member")).status).toBe(403);
			expect(await answer(await patch("admin"))).toMatchObject({
				status: 200,
				body: { config: { locale: "de" }, updated_by: "user_demoChadisAdmin" },
			});
		});

		it("lets staff, and nobody else, see the clients and any org", async () => {
			expect(
				(await stage.client().send("/portal/clients", { headers: await stage.client().bearer("role=admin") })).status,
			).toBe(403);
			const staff = { headers: await stage.client().bearer("role=staff") };
			expect(await answer(await stage.client().send("/portal/clients", staff))).toMatchObject({
				status: 200,
				body: { clients: [{ id: "org_chadis" }, { id: "org_pannu_dental" }], next_cursor: null },
			});
			expect(await answer(await stage.client().send("/portal/overview?orgId=org_pannu_dental", staff))).toMatchObject({
				status: 200,
				body: { org: { slug: "pannu-dental" } },
			});
		});

		it("refuses a caller without a token", async () => {
			const response = await stage.client().send("/portal/overview");
			expect([response.status, response.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
		});

		it("takes a signed Stripe event", async () => {
			const statusAfter = async (status: string): Promise<unknown> => {
				const sent = await answer(
					await stage.client().send(`/local/stripe-event?status=${status}`, { method: "POST" }),
				);
				expect(sent).toEqual({
					status: 200,
					body: { event_id: expect.stringMatching(/^evt_/), webhook: { status: 200, body: '{"received":true}' } },
				});
				const { body } = await answer(
					await stage
						.client()
						.send("/portal/overview", { headers: await stage.client().bearer("role=member&org=org_pannu_dental") }),
				);
				return Object(body).org.status;
			};
			expect(await statusAfter("past_due")).toBe("past_due");
			expect(await statusAfter("active")).toBe("active");
		});
	});

	describe("chat and voice", () => {
		const ANSWER = {
			response: "Hello! How can I help you?",
			latency_ms: expect.any(Number),
			message_id: expect.any(String),
			finish: "stop",
			sources: [],
		};

		it("answer with a site key, and go on in the same session", async () => {
			const first = await answer(await stage.client().post("/chat", { message: "Hello", visitor_id: "v" }, CHADIS));
			expect(first).toEqual({ status: 200, body: { ...ANSWER, session_id: expect.stringMatching(/^[0-9a-f-]{36}$/) } });
			const { session_id } = Object(first.body);
			expect(
				await answer(
					await stage.client().post("/chat/?again", { message: "And?", visitor_id: "v", session_id }, CHADIS),
				),
			).toMatchObject({ status: 200, body: { session_id } });
		});

		it("answer without one", async () => {
			expect(await answer(await stage.client().post("/chat", { message: "Hello" }))).toEqual({
				status: 200,
				body: { ...ANSWER, session_id: null },
			});
		});

		it("refuse an unknown key", async () => {
			expect(
				await answer(
					await stage.client().post("/chat", { message: "Hello" }, { "X-Site-Key": "sk_nobody_live_abc123" }),
				),
			).toMatchObject({ status: 401, body: { error: { code: "invalid_site_key" } } });
		});

		it("stream an answer piece by piece", async () => {
			const response = await stage
				.client()
				.post(
					"/chat",
					{ message: "How long does a questionnaire take? [[...]]" },
					{ ...CHADIS, Accept: "text/event-stream" },
				);
			let reads = 0;
			let text = "";
			for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
				reads += 1;
				text += chunk;
			}
			expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
			expect(
				[...text.matchAll(/^event: (\w+)$/gm)]
					.map(([, name]) => name)
					.filter((name, index, all) => name !== all[index - 1]),
			).toEqual(["session", "delta", "done"]);
			expect(reads).toBeGreaterThan(2);
		});

		it("speak MP3", async () => {
			const response = await stage.client().post("/voice", { text: "Hello" }, CHADIS);
			const clip = new Uint8Array(await response.arrayBuffer());
			expect([response.status, response.headers.get("content-type")]).toEqual([200, "audio/mpeg"]);
			expect([clip[0], (clip[1] ?? 0) & 0xe0]).toEqual([0xff, 0xe0]);
		});

		it("open a conversation where conversations are, with and without a body", async () => {
			const opened = {
				status: 201,
				body: {
					session_id: expect.any(String),
					signed_url: expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+\/v1\/convai\/conversation\?/),
					conversation_id: expect.stringMatching(/^conv_/),
					agent_id: "agent_local",
					expires_at: expect.any(String),
					max_duration_seconds: 600,
				},
			};
			expect(
				await answer(await stage.client().send("/conversation/session", { method: "POST", headers: CHADIS })),
			).toEqual(opened);
			expect(await answer(await stage.client().post("/conversation/session", {}, CHADIS))).toEqual(opened);
			expect((await stage.client().post("/voice/session", {}, CHADIS)).status).toBe(404);
		});
	});
}
