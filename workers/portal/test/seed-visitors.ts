/** An org whose engines visitors have used. */
export interface Owner {
	id: string;
	/** In every id and name that it owns. */
	mark: string;
	/** Its live engine from the schema's own seed. */
	siteId: string;
	/** Every counter is that many times the first twin's. */
	times: number;
}

/** All that visitors left behind. */
export function visitorStatements(db: D1Database, owner: Owner): D1PreparedStatement[] {
	return [
		...metrics(db, owner),
		...sessions(db, owner),
		...messages(db, owner),
		...leads(db, owner),
		...questions(db, owner),
	];
}

type Counters = Record<string, number>;

/** A row of metrics_daily by column name. */
function metricsRow(
	db: D1Database,
	orgId: string,
	siteId: string,
	lastAt: string,
	counters: Counters,
): D1PreparedStatement {
	const columns = ["org_id", "site_id", "date", "last_at", ...Object.keys(counters)];
	const values = [orgId, siteId, lastAt.slice(0, 10), lastAt, ...Object.values(counters)];
	return db
		.prepare(
			`INSERT INTO metrics_daily (${columns.join(", ")}) VALUES (${columns.map((_, index) => `?${index + 1}`).join(", ")})`,
		)
		.bind(...values);
}

/** On both edges of the last 30 days (07-22 to 08-20) and of the 30 before (06-22 to 07-21), and a day outside both. */
function metrics(db: D1Database, { id, mark, siteId, times }: Owner): D1PreparedStatement[] {
	const row = (site: string, lastAt: string, counters: Counters) => {
		const multiplied = Object.fromEntries(Object.entries(counters).map(([name, value]) => [name, value * times]));
		return metricsRow(db, id, site, lastAt, multiplied);
	};
	const visitors = {
		sessions: 3,
		messages: 10,
		visitors: 2,
		errors: 1,
		blocked: 4,
		cache_hits: 5,
		feedback_up: 6,
		feedback_down: 7,
	};
	const spent = {
		input_tokens: 8000,
		output_tokens: 900,
		cost_usd_micros: 1100,
		voice_requests: 12,
		voice_characters: 130,
	};
	const latency = { latency_sum_ms: 5000, latency_b03: 9, latency_b09: 1 };
	const test = { sessions: 320, messages: 640, visitors: 5, latency_sum_ms: 6400, latency_b15: 640 };
	return [
		row(siteId, "2026-08-20T11:30:00.000Z", { ...visitors, ...spent, ...latency }),
		row(siteId, "2026-08-01T08:00:00.000Z", {
			sessions: 1,
			messages: 2,
			visitors: 1,
			latency_sum_ms: 301,
			latency_b00: 1,
			latency_b02: 1,
		}),
		row(siteId, "2026-07-22T08:00:00.000Z", { sessions: 20, voice_characters: 7 }),
		row(siteId, "2026-07-21T08:00:00.000Z", { sessions: 40, messages: 4, visitors: 3, latency_sum_ms: 800, errors: 2 }),
		row(siteId, "2026-06-22T08:00:00.000Z", { sessions: 80, voice_characters: 9 }),
		row(siteId, "2026-06-21T08:00:00.000Z", { sessions: 500, messages: 500 }),
		row(`site_${mark}_voice`, "2026-08-20T09:00:00.000Z", { sessions: 160, messages: 8, latency_sum_ms: 800 }),
		row(`site_${mark}_test`, "2026-08-20T11:59:00.000Z", test),
	];
}

/** Seven sessions of live engines, the newest of all on a test engine. */
function sessions(db: D1Database, { id, mark, siteId }: Owner): D1PreparedStatement[] {
	const insert = db.prepare(`
		INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at, last_message_at, last_active_date, message_count)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, '2026-08-20', ?7)
	`);
	const session = (n: number, site: string) =>
		insert.bind(
			`session-${mark}-${n}`,
			id,
			site,
			`visitor-${mark}-${n}`,
			`2026-08-20T10:0${n}:00.000Z`,
			`2026-08-20T11:0${n}:00.000Z`,
			2 * n,
		);
	const live = [0, 1, 2, 3, 4, 5].map((n) => session(n, siteId));
	// Random otherwise, which no expectation could name.
	const names = db
		.prepare("UPDATE visitors SET visitor = ?2 || '00000000000000' || substr(visitor_id, -1) WHERE org_id = ?1")
		.bind(id, mark === "alpha" ? "a" : "b");
	return [...live, session(6, `site_${mark}_voice`), session(7, `site_${mark}_test`), names];
}

/** Two turns of the fifth session and one question each, without an answer, of the first and of the test engine's. */
function messages(db: D1Database, { id, mark, times }: Owner): D1PreparedStatement[] {
	const question = db.prepare(
		"INSERT INTO chat_messages (id, org_id, session_id, role, content, created_at) VALUES (?1, ?2, ?3, 'user', ?4, ?5)",
	);
	const answer = db.prepare(`
		INSERT INTO chat_messages (id, org_id, session_id, role, content, created_at, finish, model, input_tokens, cached_tokens, output_tokens,
			cost_usd_micros, latency_ms, first_token_ms, rating, rating_comment)
		VALUES (?1, ?2, ?3, 'assistant', ?4, ?5, 'stop', 'gemini-test', ?6, ?6, ?7, ?8, ?9, ?9, ?10, ?11)
	`);
	const at = (minute: string) => `2026-08-20T${minute}.000Z`;
	const ask = (n: string, session: number, text: string, minute: string) =>
		question.bind(`message-${mark}-${n}`, id, `session-${mark}-${session}`, `${text} ${mark}`, at(minute));
	const reply = (n: string, text: string, minute: string, rating: string | null, comment: string | null) =>
		answer.bind(
			`message-${mark}-${n}`,
			id,
			`session-${mark}-5`,
			text,
			at(minute),
			100 * times,
			20 * times,
			3 * times,
			400,
			rating,
			comment,
		);
	return [
		ask("c", 5, "When are you open,", "10:05:00"),
		reply("b", `From nine, ${mark}`, "10:05:01", "up", `Thanks, ${mark}`),
		ask("a", 5, "And on Sundays,", "11:05:00"),
		reply("d", `Never, ${mark}`, "11:05:01", "down", null),
		ask("e", 0, "Hello,", "10:00:00"),
		ask("f", 7, "Testing,", "10:07:00"),
	];
}

function leads(db: D1Database, { id, mark, siteId }: Owner): D1PreparedStatement[] {
	const insert = db.prepare(
		"INSERT INTO leads (id, org_id, site_id, session_id, name, email, message, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
	);
	const email = `visitor@${mark}.example`;
	return [
		insert.bind(
			`lead-${mark}-b`,
			id,
			siteId,
			`session-${mark}-5`,
			`Lee ${mark}`,
			email,
			"Please call",
			"2026-08-20T11:06:00.000Z",
		),
		insert.bind(`lead-${mark}-a`, id, `site_${mark}_test`, null, null, email, null, "2026-08-20T11:06:00.000Z"),
		insert.bind(`lead-${mark}-c`, id, siteId, `session-${mark}-0`, null, email, null, "2026-08-19T11:06:00.000Z"),
	];
}

/** Twelve questions of a live engine and one, asked most, of a test engine. */
function questions(db: D1Database, { id, mark, siteId, times }: Owner): D1PreparedStatement[] {
	const insert = db.prepare(`
		INSERT INTO question_stats (org_id, site_id, slot, question, asked, unanswered, last_asked_at)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, '2026-08-19T07:00:00.000Z')
	`);
	const rows = Array.from({ length: 12 }, (_, n) =>
		insert.bind(id, siteId, n, `question ${n} of ${mark}`, (n + 1) * times, n % 3 === 0 ? n * times : 0),
	);
	return [...rows, insert.bind(id, `site_${mark}_test`, 0, `question of a test of ${mark}`, 99 * times, 99 * times)];
}
