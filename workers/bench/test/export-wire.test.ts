import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { buildSync } from "esbuild";
import { Miniflare, convertV4MiniflareOptions } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** The export of the sample customer over a database that fails for good once it has given two pages, where that is asked for. */
const WORKER = `
	import { exportPageStatement, firstExportPage } from "./workers/portal/numbers/export-pages.ts";
	import { exportStream } from "./workers/portal/numbers/export-stream.ts";
	const { setTimeout } = globalThis;
	// The pauses between tries, of which the last is the longest, pass quickly.
	globalThis.setTimeout = (work, ms) => setTimeout(work, ms <= 4000 ? ms / 100 : ms);
	export default {
		async fetch(request, { DB }) {
			let pages = 0;
			const isFaulty = new URL(request.url).pathname === "/faulty";
			const db = {
				prepare: (sql) => DB.prepare(sql),
				batch: (statements) => isFaulty && ++pages > 2 ? Promise.reject(new Error("D1_ERROR: overloaded")) : DB.batch(statements),
			};
			const page = firstExportPage("org_chadis", { from: "2026-07-01", to: "2026-07-31", days: 31 });
			const [{ results: rows }] = await db.batch([exportPageStatement(DB, page)]);
			return new Response(exportStream(db, { page, rows }), { headers: { "Content-Type": "text/csv" } });
		},
	};
`;
const SEED = [
	"INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at) VALUES ('s', 'org_chadis', 'site_chadis', 'v', '2026-07-02T00:00:00.000Z')",
	`WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6000)
	INSERT INTO chat_messages (id, org_id, session_id, role, content) SELECT 'm' || n, 'org_chadis', 's', 'user', 'x' FROM n`,
];

let runtime: Miniflare;
let origin: URL;

beforeAll(async () => {
	const { outputFiles } = buildSync({
		stdin: { contents: WORKER, resolveDir: process.cwd(), loader: "js" },
		bundle: true,
		format: "esm",
		external: ["node:async_hooks"],
		write: false,
	});
	const worker = {
		name: "export",
		modules: [{ type: "ESModule" as const, path: "export.js", contents: outputFiles[0]?.text ?? "" }],
		compatibilityDate: "2026-10-01",
		compatibilityFlags: ["nodejs_als"],
		d1Databases: { DB: "export" },
		unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
	};
	runtime = new Miniflare(convertV4MiniflareOptions({ handleStructuredLogs: () => undefined, workers: [worker] }));
	const db = await runtime.getD1Database("DB", "export");
	for (const sql of [readFileSync("schema/portal-schema.sql", "utf8"), ...SEED]) await db.prepare(sql).run();
	origin = new URL(String(await runtime.unsafeGetDirectURL("export")));
}, 60_000);
afterAll(() => runtime?.dispose());

/** What comes over a connection of its own until it ends. */
function bytesOf(path: string, version: "1.0" | "1.1"): Promise<string> {
	return new Promise((resolve) => {
		let text = "";
		const socket = connect(Number(origin.port), origin.hostname);
		socket.setEncoding("utf8").on("data", (data: string) => (text += data));
		socket.on("error", () => undefined).on("close", () => resolve(text));
		socket.write(`GET ${path} HTTP/${version}\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
	});
}

/** The chunk that ends a body of HTTP/1.1. */
const LAST_CHUNK = "\r\n0\r\n\r\n";
const END_MARK = /#end,,,,\w*,end,complete: 6000 rows,,,,\r\n/;

describe("on the wire an export that", () => {
	it("is whole has its end mark and, by HTTP/1.1, its last chunk", async () => {
		for (const version of ["1.0", "1.1"] as const) expect(await bytesOf("/whole", version)).toMatch(END_MARK);
		expect((await bytesOf("/whole", "1.1")).endsWith(LAST_CHUNK)).toBe(true);
	});

	it("breaks off has neither, and is an error to a client of HTTP/1.1", async () => {
		const bytes = await bytesOf("/faulty", "1.1");
		expect(bytes).toMatch(/^HTTP\/1\.1 200 /);
		expect(bytes).toContain("\r\ns,");
		expect(bytes.endsWith(LAST_CHUNK)).toBe(false);
		expect(bytes).not.toContain("#end");
		const response = await fetch(new URL("/faulty", origin));
		expect(response.status).toBe(200);
		await expect(response.text()).rejects.toThrow();
	});

	it("breaks off is told by the missing end mark alone by HTTP/1.0", async () => {
		const bytes = await bytesOf("/faulty", "1.0");
		expect(bytes).toMatch(/^HTTP\/1\.[01] 200 /);
		expect(bytes).toContain("\r\ns,");
		expect(bytes).not.toContain("#end");
	});
});
