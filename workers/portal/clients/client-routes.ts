import { readJsonBytes } from "../../lib/http/body.ts";
import { allowMethods, notFound } from "../../lib/http/serve.ts";
import { requireStaffWriter } from "../auth/access.ts";
import { admit, signedInStaff } from "../auth/admit.ts";
import type { Call } from "../auth/admit.ts";
import { postEngine } from "./client-engine.ts";
import { deleteClient, postErasure } from "./client-erase.ts";
import { patchClient } from "./client-patch.ts";
import { getClient } from "./client.ts";
import { getClientsAudit } from "./list/clients-audit.ts";
import { getClients } from "./list/clients.ts";
import { postClient } from "./new-client.ts";

const CLIENT_PATH = /^\/portal\/clients\/([A-Za-z0-9_-]{1,64})(\/erasure)?$/;
const PATCH_TYPES = ["application/json", "application/merge-patch+json"];

/** `/portal/clients` and everything below it, all of it staff's. @throws {ApiError} not_found, and those of its handlers */
export async function clientsRoute(call: Call): Promise<Response> {
	const { request, url, params, now } = call;
	switch (url.pathname) {
		case "/portal/clients": {
			if (request.method === "POST") return createClient(call);
			const { db } = await signedInStaff(call, "GET", "POST");
			return getClients(db, params, now);
		}
		case "/portal/clients/audit": {
			const { db, caller } = await signedInStaff(call, "GET");
			return getClientsAudit(db, caller, params, now);
		}
	}
	const [, id, erasure] = CLIENT_PATH.exec(call.url.pathname) ?? [];
	if (id === undefined) throw notFound();
	return erasure === undefined ? oneClient(call, id) : allowErasure(call, id);
}

async function oneClient(call: Call, id: string): Promise<Response> {
	const { now, bindings } = call;
	switch (call.request.method) {
		case "PATCH": {
			const { db, caller, body } = await staffWrite(call, "PATCH");
			return patchClient(db, caller, { id, body, chatUrl: bindings.chatUrl() }, now);
		}
		case "DELETE": {
			const { db, caller, body } = await staffWrite(call, "DELETE");
			return deleteClient(db, caller, id, body, now);
		}
		default: {
			const { db, caller } = await signedInStaff(call, "GET", "PATCH", "DELETE");
			return getClient(db, caller, id, bindings.chatUrl(), now);
		}
	}
}

/** The body's bytes are read first, as of every write. */
async function staffWrite(call: Call, method: "POST" | "PATCH" | "DELETE") {
	const { request, bindings } = call;
	allowMethods(request, method);
	const body = await readJsonBytes(request, bindings.maxBodyBytes(), method === "PATCH" ? PATCH_TYPES : undefined);
	return { ...(await signedInStaff(call, method)), body };
}

async function createClient(call: Call): Promise<Response> {
	const { db, caller, body } = await staffWrite(call, "POST");
	return postClient(db, caller, body, call.bindings.chatUrl(), call.now);
}

async function allowErasure(call: Call, id: string): Promise<Response> {
	const { db, caller } = await signedInStaff(call, "POST");
	return postErasure(db, caller, id, call.now);
}

/** `POST /portal/engines`, which is about one org that `?orgId=` names. */
export async function createEngine(call: Call): Promise<Response> {
	const { request, bindings, now } = call;
	const body = await readJsonBytes(request, bindings.maxBodyBytes());
	const { db, target } = await admit(call, requireStaffWriter, "POST");
	return postEngine(db, target, body, bindings.chatUrl(), now);
}
