import { readOptionalJsonBytes } from "../../lib/http/body.ts";
import { notFound } from "../../lib/http/serve.ts";
import { requireAdmin } from "../auth/access.ts";
import { admit, read, write } from "../auth/admit.ts";
import type { Call } from "../auth/admit.ts";
import { deleteDraft, getDraft, putDraft } from "./config-draft.ts";
import { publishDraft } from "./config-publish.ts";
import { getVersion, getVersions, restoreVersion } from "./config-versions.ts";
import { getConfig, patchConfig } from "./config.ts";

const VERSION_PATH = /^\/portal\/config\/versions\/([A-Za-z0-9_-]{1,64})(\/restore)?$/;

/** `/portal/config` and everything below it. @throws {ApiError} not_found, and those of its handlers */
export async function configRoute(call: Call): Promise<Response> {
	const { request, url, params, now } = call;
	switch (url.pathname) {
		case "/portal/config":
			return request.method === "PATCH"
				? changeConfig(call)
				: read(call, (db, target) => getConfig(db, target, now), "PATCH");
		case "/portal/config/versions":
			return read(call, (db, target) => getVersions(db, target, params, now));
		case "/portal/config/draft":
			return draft(call);
		case "/portal/config/publish":
			return publish(call);
	}
	const [, version, restoration] = VERSION_PATH.exec(call.url.pathname) ?? [];
	if (version === undefined) throw notFound();
	return restoration === undefined ? oneVersion(call, version) : restore(call, version);
}

async function changeConfig(call: Call): Promise<Response> {
	const { db, target, body, ifMatch } = await write(call, "PATCH");
	return patchConfig(db, target, { body, ifMatch }, call.now);
}

async function draft(call: Call): Promise<Response> {
	const { request, now } = call;
	switch (request.method) {
		case "PUT": {
			const { db, target, body, ifMatch } = await write(call, "PUT");
			return putDraft(db, target, { body, ifMatch }, now);
		}
		case "DELETE": {
			const { db, target } = await admit(call, requireAdmin, "DELETE");
			return deleteDraft(db, target, request.headers.get("If-Match"), now);
		}
		default:
			return read(call, (db, target) => getDraft(db, target, now), "PUT", "DELETE");
	}
}

async function publish(call: Call): Promise<Response> {
	const { db, target, body, ifMatch } = await write(call, "POST", readOptionalJsonBytes);
	return publishDraft(db, target, { body, ifMatch }, call.now);
}

function oneVersion(call: Call, version: string): Promise<Response> {
	return read(call, (db, target) => getVersion(db, target, version, call.now));
}

async function restore(call: Call, version: string): Promise<Response> {
	const { db, target } = await admit(call, requireAdmin, "POST");
	return restoreVersion(db, target, { version, ifMatch: call.request.headers.get("If-Match") }, call.now);
}
