import { readOptionalJsonBytes } from "../../lib/http/body.ts";
import { notFound } from "../../lib/http/serve.ts";
import { read, write } from "../auth/admit.ts";
import type { Call } from "../auth/admit.ts";
import { getGoldenQuestions, putGoldenQuestions } from "./golden-list.ts";
import { getGoldenRun, getGoldenRuns, postGoldenRun } from "./golden-runs.ts";

const RUN_PATH = /^\/portal\/golden-questions\/runs\/([A-Za-z0-9_-]{1,64})$/;

/** `/portal/golden-questions` and everything below it. @throws {ApiError} not_found, and those of its handlers */
export async function goldenRoute(call: Call): Promise<Response> {
	const { request, url, params, now } = call;
	switch (url.pathname) {
		case "/portal/golden-questions":
			return request.method === "PUT"
				? changeGolden(call)
				: read(call, (db, target) => getGoldenQuestions(db, target, now), "PUT");
		case "/portal/golden-questions/runs":
			return request.method === "POST"
				? runGolden(call)
				: read(call, (db, target) => getGoldenRuns(db, target, params, now), "POST");
	}
	const [, runId] = RUN_PATH.exec(call.url.pathname) ?? [];
	if (runId === undefined) throw notFound();
	return read(call, (db, target) => getGoldenRun(db, target, runId, now));
}

async function changeGolden(call: Call): Promise<Response> {
	const { db, target, body, ifMatch } = await write(call, "PUT");
	return putGoldenQuestions(db, target, { body, ifMatch }, call.now);
}

async function runGolden(call: Call): Promise<Response> {
	const { db, target, body } = await write(call, "POST", readOptionalJsonBytes);
	return postGoldenRun(db, target, body, call.now);
}
