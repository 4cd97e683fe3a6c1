/**
 * The floor: a worker that makes the same bare platform calls as ours (D1, limiter, vendor, cache) and nothing else:
 * no authentication, no validation, no shaping. What ours costs more is the price of what we add.
 */
interface FloorEnv {
	DB: D1Database;
	LIMITER: RateLimit;
	GEMINI_API_KEY: string;
	ELEVENLABS_API_KEY: string;
}

const GEMINI = "https://generativelanguage.googleapis.com/v1beta/models/gemini-3.5-flash-lite";
const SPEECH = "https://api.elevenlabs.io/v1/text-to-speech/hpp4J3VqNfWAUOO0d1Us/stream?output_format=mp3_22050_32";
const ORG = "org_chadis";
const SITE = "site_chadis";

function askGemini(env: FloorEnv, method: string): Promise<Response> {
	return fetch(`${GEMINI}:${method}`, {
		method: "POST",
		headers: { "x-goog-api-key": env.GEMINI_API_KEY, "content-type": "application/json" },
		body: JSON.stringify({ contents: [{ role: "user", parts: [{ text: "What are your opening hours?" }] }] }),
	});
}

function speak(env: FloorEnv, text: string): Promise<Response> {
	return fetch(SPEECH, {
		method: "POST",
		headers: { "xi-api-key": env.ELEVENLABS_API_KEY, "content-type": "application/json" },
		body: JSON.stringify({ text, model_id: "eleven_flash_v2_5" }),
	});
}

/** The read batch of a turn: one row of the site by its key, and the reservation. */
function readTurn(db: D1Database, date: string): Promise<unknown> {
	return db.batch([
		db
			.prepare("SELECT id, org_id, status, allowed_origins FROM portal_sites WHERE site_key = ?1")
			.bind("sk_chadis_live_abc123"),
		db
			.prepare(`
				INSERT INTO usage_daily (org_id, date, messages) VALUES (?1, ?2, 1)
				ON CONFLICT (org_id, date) DO UPDATE SET messages = messages + 1
			`)
			.bind(ORG, date),
	]);
}

/** The write batch of a turn: the same rows that a turn of ours writes. */
function writeTurn(db: D1Database, date: string): Promise<unknown> {
	const session = crypto.randomUUID();
	return db.batch([
		db
			.prepare(`
				INSERT INTO metrics_daily (org_id, date, site_id, sessions, messages, latency_b00) VALUES (?1, ?2, ?3, 1, 1, 1)
				ON CONFLICT (org_id, date, site_id) DO UPDATE SET sessions = sessions + 1, messages = messages + 1, latency_b00 = latency_b00 + 1
			`)
			.bind(ORG, date, SITE),
		db
			.prepare("INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, message_count) VALUES (?1, ?2, ?3, ?1, 2)")
			.bind(session, ORG, SITE),
		db
			.prepare(
				"INSERT INTO chat_messages (id, org_id, session_id, role, content) VALUES (?1, ?3, ?4, 'user', 'q'), (?2, ?3, ?4, 'assistant', 'a')",
			)
			.bind(crypto.randomUUID(), crypto.randomUUID(), ORG, session),
		db
			.prepare(`
				INSERT INTO question_stats (org_id, site_id, slot, question) VALUES (?1, ?2, 1, 'what are your opening hours')
				ON CONFLICT (org_id, site_id, slot) DO UPDATE SET asked = asked + 1, weight = weight + 1
			`)
			.bind(ORG, SITE),
		db
			.prepare("UPDATE knowledge SET hits = hits + 1 WHERE org_id = ?1 AND id IN (?2, ?3)")
			.bind(ORG, "kn_chadis_start", "kn_chadis_devices"),
	]);
}

function limit(env: FloorEnv, request: Request, calls: number): Promise<unknown> {
	const key = request.headers.get("CF-Connecting-IP") ?? "none";
	return Promise.all(Array.from({ length: calls }, (_, index) => env.LIMITER.limit({ key: `${key}/${index}` })));
}

async function chat(request: Request, env: FloorEnv, ctx: ExecutionContext, method: string): Promise<Response> {
	const date = new Date().toISOString().slice(0, 10);
	await request.text();
	await limit(env, request, 2);
	await readTurn(env.DB, date);
	const answer = await askGemini(env, method);
	ctx.waitUntil(writeTurn(env.DB, date));
	return new Response(answer.body, answer);
}

/** Collects a copy while the bytes pass, and stores it once they have ended. */
async function speech(request: Request, env: FloorEnv, ctx: ExecutionContext): Promise<Response> {
	const date = new Date().toISOString().slice(0, 10);
	const text = await request.text();
	await limit(env, request, 2);
	const key = new Request(`https://floor.example/${encodeURIComponent(text)}`);
	const hit = await caches.default.match(key);
	const count = () =>
		env.DB.batch([
			env.DB.prepare(`
					INSERT INTO metrics_daily (org_id, date, site_id, voice_requests) VALUES (?1, ?2, ?3, 1)
					ON CONFLICT (org_id, date, site_id) DO UPDATE SET voice_requests = voice_requests + 1
				`).bind(ORG, date, SITE),
		]);
	if (hit !== undefined) {
		ctx.waitUntil(count());
		return hit;
	}
	await readTurn(env.DB, date);
	const upstream = await speak(env, text);
	const chunks: Uint8Array[] = [];
	const copy = new TransformStream<Uint8Array, Uint8Array>({
		transform(chunk, controller) {
			chunks.push(chunk);
			controller.enqueue(chunk);
		},
		flush() {
			const clip = new Response(new Blob(chunks), {
				headers: { "content-type": "audio/mpeg", "cache-control": "max-age=3600" },
			});
			ctx.waitUntil(Promise.all([caches.default.put(key, clip), count()]));
		},
	});
	return new Response(upstream.body?.pipeThrough(copy) ?? null, { headers: { "content-type": "audio/mpeg" } });
}

export default {
	async fetch(request: Request, env: FloorEnv, ctx: ExecutionContext): Promise<Response> {
		switch (new URL(request.url).pathname) {
			case "/hello":
				return new Response("hello");
			case "/d1":
				return Response.json(
					await env.DB.prepare("SELECT id, name, plan, status FROM orgs WHERE id = ?1").bind(ORG).first(),
				);
			case "/limited-d1":
				await limit(env, request, 1);
				return Response.json(
					await env.DB.prepare("SELECT id, name, plan, status FROM orgs WHERE id = ?1").bind(ORG).first(),
				);
			case "/pass":
				return askGemini(env, "generateContent");
			case "/pass-stream":
				return askGemini(env, "streamGenerateContent?alt=sse");
			case "/chat":
				return chat(request, env, ctx, "generateContent");
			case "/chat-stream":
				return chat(request, env, ctx, "streamGenerateContent?alt=sse");
			case "/voice":
				return speech(request, env, ctx);
			default:
				return new Response("no such floor", { status: 404 });
		}
	},
};
