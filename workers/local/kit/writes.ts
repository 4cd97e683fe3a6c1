import { parseJsonObject } from "../../lib/http/body.ts";
import { isoInstant } from "../../lib/time.ts";
import type { Caller } from "../../portal/auth/clerk-claims.ts";
import { engineStatements, parseEngine, postEngine } from "../../portal/clients/client-engine.ts";
import { deleteClient, erasureStatements, postErasure, tokenStatements } from "../../portal/clients/client-erase.ts";
import { parseClientPatch } from "../../portal/clients/client-patch-fields.ts";
import { patchClient, patchStatements } from "../../portal/clients/client-patch.ts";
import { parseNewClient } from "../../portal/clients/new-client-fields.ts";
import { newClientId, newClientStatements, postClient } from "../../portal/clients/new-client.ts";
import { newEngines } from "../../portal/engines/new-engine.ts";
import { Misuse } from "./arguments.ts";
import type { Typed } from "./arguments.ts";
import { clientBody, engineBody, newClientBody } from "./bodies.ts";

/** With what a write is made: the portal's own functions take it. */
export interface Writing {
	db: D1Database;
	caller: Caller;
	/** Address of the chat. */
	chatUrl: string;
	/** Epoch ms. */
	now: number;
}

/** Something that is written, told before it is done. */
export interface Write {
	/** What it would do, for people. */
	would: string;
	/** Of a dry run: the statements that would write. @param id of the client; "" = a new one */
	statements(id: string): D1PreparedStatement[];
	/** Does it by the route's own handler. */
	run(id: string): Promise<Response>;
}

/** What a command writes. @throws {Misuse} @throws {ApiError} invalid_request: found before anything is read */
export function writeOf(typed: Typed, writing: Writing): Write {
	switch (typed.command) {
		case "add":
			return addition(typed, writing);
		case "engine":
			return engine(typed, writing);
		case "close":
			return change("end the service of", { status: "churned", status_locked: true }, writing);
		case "erase":
			return typed.options.token === undefined ? erasureToken(writing) : erasure(typed.options.token, writing);
		default:
			return changed(typed, writing);
	}
}

const bytesOf = (body: Record<string, unknown>): Uint8Array => new TextEncoder().encode(JSON.stringify(body));

function addition({ words: [name = ""], options }: Typed, { db, caller, chatUrl, now }: Writing): Write {
	const body = bytesOf(newClientBody(name, options));
	const wish = parseNewClient(body);
	const { type, name: engineName } = wish.engine;
	return {
		would: `add the client ${name} (slug ${wish.slug}) with the ${type} ${engineName}, live and for tests; keys and id are made at random when it is done`,
		statements: () => newClientStatements(db, newClientId(wish), wish, caller, now),
		run: () => postClient(db, caller, body, chatUrl, now),
	};
}

function engine({ words: [, name = ""], options }: Typed, { db, caller, chatUrl, now }: Writing): Write {
	const body = bytesOf({ ...engineBody(options), name });
	const { wish, withTest } = parseEngine(body);
	return {
		would: `add the engine ${name}${options["no-test"] ? "" : " and its twin for tests"} to`,
		// A key's name is the client's slug, which a dry run has not read.
		statements: (id) => engineStatements(db, id, newEngines(wish, "slug", withTest), caller, now),
		run: (id) => postEngine(db, { caller, ref: id, named: id }, body, chatUrl, now),
	};
}

function changed({ options, words: [id = ""], place }: Typed, writing: Writing): Write {
	const body = clientBody(options);
	if (Object.keys(body).length === 0)
		throw new Misuse(`Say what is to change: npm run client -- change ${id} ${place} --plan voice, say.`);
	return change(`change ${Object.keys(body).join(", ")} of`, body, writing);
}

function change(would: string, body: Record<string, unknown>, { db, caller, chatUrl, now }: Writing): Write {
	const bytes = bytesOf(body);
	const changes = parseClientPatch(parseJsonObject(bytes));
	return {
		would,
		statements: (id) => patchStatements(db, { id, changes, caller, at: isoInstant(now) }, now),
		run: (id) => patchClient(db, caller, { id, body: bytes, chatUrl }, now),
	};
}

function erasureToken({ db, caller, now }: Writing): Write {
	return {
		would: "ask for a token with which, within 15 minutes, you may erase",
		statements: (id) => tokenStatements(db, caller, id, "DIGEST OF THE TOKEN", now),
		run: (id) => postErasure(db, caller, id, now),
	};
}

function erasure(token: string, { db, caller, now }: Writing): Write {
	return {
		would: "erase, with everything and for good,",
		statements: (id) => erasureStatements(db, caller, id, "DIGEST OF THE TOKEN", now),
		run: (id) => deleteClient(db, caller, id, bytesOf({ token }), now),
	};
}
