import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { isObject } from "../../../lib/http/json.ts";
import { readDescription } from "../../../lib/test/openapi.ts";
import type { Description } from "../../../lib/test/openapi.ts";
import { qualityOf } from "../../../lib/test/openapi-quality.ts";
import { ROOT } from "../../root.ts";
import { createClient } from "../local-client.ts";
import { createFolder, removeFolder, startLocal } from "../local-run.ts";
import type { LocalRun } from "../local-run.ts";
import { PREFIXES } from "./play.ts";
import type { Played, Worker } from "./play.ts";
import { EXAMPLE_FILES, examplesOf, formDifference, formOf } from "./recording.ts";
import { playAll } from "./scenario.ts";

vi.setConfig({ testTimeout: 60_000 });

const WORKERS = ["portal", "chat", "voice", "conversation"] as const;
const folder = createFolder();
let run: LocalRun;
let played: Played[];
const described = new Map<Worker, unknown>();
let joined: unknown;

beforeAll(async () => {
	run = await startLocal(folder);
	const client = createClient(run.origin);
	for (const worker of WORKERS) {
		const path = worker === "portal" ? "/portal/openapi.json" : `${PREFIXES[worker]}/openapi.json`;
		described.set(worker, await (await client.send(path)).json());
	}
	joined = await (await client.send("/openapi.json")).json();
	played = await playAll(client);
}, 120_000);
afterAll(async () => {
	await run?.interrupt();
	removeFolder(folder);
}, 60_000);

function recorded(worker: Worker): Record<string, unknown> {
	const [file = "", [only, ...others] = []] =
		Object.entries(EXAMPLE_FILES).find(([, own]) => own.includes(worker)) ?? [];
	const all: unknown = JSON.parse(readFileSync(join(ROOT, "workers", file), "utf8"));
	const own = isObject(all) && (others.length > 0 || only === undefined) ? all[worker] : all;
	return isObject(own) ? own : {};
}

const ofWorker = (worker: Worker): Played[] => played.filter((one) => one.worker === worker);

function check(
	description: Description,
	{ method, path, request, status, headers, mediaType, text, operationId }: Played,
) {
	description.checkAnswer({
		method,
		path,
		status,
		headers,
		text: mediaType === "application/json" ? text : text === "" ? "" : null,
	});
	if (request !== undefined && status < 300 && operationId !== "openConversation")
		description.checkRequest(method, path, request);
}

describe.each(WORKERS)("the description of %s", (worker) => {
	it("has an id, words and an example for every operation, and words for every property", () => {
		expect(qualityOf(described.get(worker)).faults).toEqual([]);
	});

	it("holds for every request and answer of the run", () => {
		const description = readDescription(described.get(worker));
		for (const one of ofWorker(worker)) {
			// At the local default's one address the portal's own description gives way to the joined one.
			const path = one.operationId === "getOpenapi" ? "/openapi.json" : one.path;
			expect(() => check(description, { ...one, path })).not.toThrow();
		}
	});

	it("shows examples of every operation that has gone well, in the form that it has today (else: npm run api-examples)", () => {
		const fresh = examplesOf(ofWorker(worker), run.port);
		expect(Object.keys(recorded(worker)).sort()).toEqual(Object.keys(fresh).sort());
		const { operations } = readDescription(described.get(worker));
		expect(Object.keys(fresh)).toHaveLength(operations.length);
		for (const [operation, example] of Object.entries(fresh))
			expect(formDifference(formOf(recorded(worker)[operation]), formOf(example), operation)).toBeUndefined();
		const failed = ofWorker(worker).filter(({ status }) => status >= 500);
		expect(failed).toEqual([]);
	});

	it("takes its own examples, requests and answers", () => {
		const description = readDescription(described.get(worker));
		for (const one of exampled(described.get(worker))) expect(() => one(description)).not.toThrow();
	});
});

/** A check of each JSON example that a description shows. */
function exampled(description: unknown): ((read: Description) => void)[] {
	const operations = Object.entries(part(part(description).paths)).flatMap(([path, item]) =>
		Object.entries(part(item)).map(([method, operation]) => ({
			path,
			method: method.toUpperCase(),
			operation: part(operation),
		})),
	);
	return operations.flatMap(({ path, method, operation }) => {
		const sent = part(part(part(operation.requestBody).content)["application/json"]).example;
		const answers = Object.entries(part(operation.responses)).map(([status, response]) => {
			const { example } = part(part(part(response).content)["application/json"]);
			return (read: Description): void => {
				if (example === undefined) return;
				const headers = new Headers({ "X-Request-Id": "r", "Content-Type": "application/json" });
				read.checkAnswer({ method, path, status: Number(status), headers, text: JSON.stringify(example) });
			};
		});
		return sent === undefined
			? answers
			: [(read: Description): void => read.checkRequest(method, path, sent), ...answers];
	});
}

function part(value: unknown): Record<string, unknown> {
	return isObject(value) ? value : {};
}

describe("the joined description", () => {
	it("has all operations of all four, with ids of their own, whole", () => {
		const { operations, properties, faults } = qualityOf(joined);
		const parts = WORKERS.map((worker) => qualityOf(described.get(worker)));
		expect(faults).toEqual([]);
		expect(operations).toBe(parts.reduce((sum, one) => sum + one.operations, 0));
		expect(properties).toBe(parts.reduce((sum, one) => sum + one.properties, 0));
		const ids = [...JSON.stringify(joined).matchAll(/"operationId":"(\w+)"/g)].map(([, id]) => id);
		expect(new Set(ids).size).toBe(operations);
		expect(part(joined).servers).toEqual([{ url: run.origin, description: expect.any(String) }]);
	});

	it("holds for every request and answer of the run at its one address", () => {
		const description = readDescription(joined);
		for (const one of played) {
			const prefix = PREFIXES[one.worker];
			const path = one.path === "/" ? prefix : prefix + one.path;
			expect(() => check(description, { ...one, path })).not.toThrow();
		}
	});

	it("refers to nothing that it does not hold", () => {
		const text = JSON.stringify(joined);
		const { components } = part(joined);
		for (const [, kind = "", name = ""] of text.matchAll(/"#\/components\/(\w+)\/(\w+)"/g))
			expect(Object.keys(part(part(components)[kind]))).toContain(name);
	});
});

describe("the reference page", () => {
	it("loads its script and style from this address alone, and says so in its policy", async () => {
		const client = createClient(run.origin);
		const page = await client.send("/reference");
		const html = await page.text();
		expect(page.headers.get("Content-Security-Policy")).toContain("default-src 'none'; script-src 'self'");
		const files = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, file = ""]) => file);
		expect(files.filter((file) => !/^(?:\/\w|data:,$)/.test(file))).toEqual([]);
		for (const file of ["/reference/swagger-ui-bundle.js", "/reference/swagger-ui.css", "/reference/start.js"]) {
			expect(files).toContain(file);
			const { status, headers } = await client.send(file);
			expect([file, status, headers.get("Content-Type")]).toEqual([
				file,
				200,
				`text/${file.endsWith(".css") ? "css" : "javascript"}; charset=utf-8`,
			]);
		}
		expect((await client.send("/reference/package.json")).status).toBe(404);
		expect((await client.send("/reference/..%2fpackage.json")).status).toBe(404);
	});
});
