import { readJsonBytes } from "../../lib/http/body.ts";
import type { readOptionalJsonBytes } from "../../lib/http/body.ts";
import { allowMethods } from "../../lib/http/serve.ts";
import type { Bindings } from "../bindings.ts";
import { requireKnown } from "../request/query.ts";
import {
	requireAdmin,
	requireOrgReference,
	requireAdminReader,
	requireMember,
	requireOwnAdmin,
	requireStaff,
} from "./access.ts";
import type { OrgTarget } from "./access.ts";
import { authenticate } from "./authenticate.ts";
import type { Caller } from "./clerk-claims.ts";

const PATCH_TYPES = ["application/json", "application/merge-patch+json"];

/** A request below `/portal/`, before anyone knows who sent it. */
export interface Call {
	request: Request;
	/** URL of the request */
	url: URL;
	/** Parameters of its query */
	params: URLSearchParams;
	/** The parameters that its operation has. */
	queryNames(): ReadonlySet<string>;
	/** When it came, epoch ms. */
	now: number;
	bindings: Bindings;
}

interface SignedIn {
	db: D1Database;
	caller: Caller;
}

/** Who calls. @throws {ApiError} method_not_allowed, not_configured, and as `authenticate` */
async function signedIn({ request, now, bindings }: Call, ...methods: string[]): Promise<SignedIn> {
	allowMethods(request, ...methods);
	const db = bindings.db();
	return { db, caller: await authenticate(request, bindings.doorkeeping, now) };
}

/** Decides by the token alone whether a caller may have what a route does; one of access.ts. */
type Guard = (caller: Caller, params: URLSearchParams) => OrgTarget;

interface Admitted {
	db: D1Database;
	target: OrgTarget;
}

/** The org that a request is about, once the guard has let its caller pass. @throws {ApiError} as `signedIn` and the guard */
export async function admit(call: Call, guard: Guard, ...methods: string[]): Promise<Admitted> {
	const { db, caller } = await signedIn(call, ...methods);
	const target = guard(caller, call.params);
	requireKnownQuery(call);
	return { db, target };
}

/** Refuses what an operation cannot be asked; after its caller's role, as every fault of a query. @throws {ApiError} invalid_request */
function requireKnownQuery({ params, queryNames }: Call): void {
	if (params.size > 0) requireKnown(params, queryNames());
}

/** Who of staff calls, for what is about no org of theirs. @throws {ApiError} as `signedIn`; forbidden, invalid_request */
export async function signedInStaff(call: Call, ...methods: string[]): Promise<SignedIn> {
	const signed = await signedIn(call, ...methods);
	requireStaff(signed.caller);
	requireKnownQuery(call);
	requireOrgReference(call.params);
	return signed;
}

/** Does a route's work for an admitted caller. */
type Handler = (db: D1Database, target: OrgTarget) => Promise<Response>;

/**
 * A route that any member, or staff, may read.
 * @param others the methods that the path has beside GET, for the 405
 */
export async function read(call: Call, handler: Handler, ...others: string[]): Promise<Response> {
	const { db, target } = await admit(call, requireMember, "GET", ...others);
	return handler(db, target);
}

/** A route that an org's admins and staff may read. */
export async function readAsAdmin(call: Call, handler: Handler): Promise<Response> {
	const { db, target } = await admit(call, requireAdminReader, "GET");
	return handler(db, target);
}

/** Who may read, and what they ask in a body. */
export async function ask(call: Call): Promise<Admitted & { body: Uint8Array }> {
	const { request, bindings } = call;
	allowMethods(request, "POST");
	const body = await readJsonBytes(request, bindings.maxBodyBytes());
	return { ...(await admit(call, requireMember, "POST")), body };
}

interface Write extends Admitted {
	body: Uint8Array;
	/** The If-Match header. */
	ifMatch: string | null;
}

/** Who may write, to which org, and what was sent: what the body says is read only once its writer is known. */
export async function write(call: Call, method: "PATCH" | "POST" | "PUT", readBody = readJsonBytes): Promise<Write> {
	const { request, bindings } = call;
	allowMethods(request, method);
	const body = await readBody(request, bindings.maxBodyBytes(), method === "PATCH" ? PATCH_TYPES : undefined);
	return { ...(await admit(call, requireAdmin, method)), body, ifMatch: request.headers.get("If-Match") };
}

/** Who may commit an org to pay, and what was sent. */
export async function pay(
	call: Call,
	readBody: typeof readOptionalJsonBytes,
): Promise<Admitted & { body: Uint8Array }> {
	const { request, bindings } = call;
	allowMethods(request, "POST");
	const body = await readBody(request, bindings.maxBodyBytes());
	return { ...(await admit(call, requireOwnAdmin, "POST")), body };
}
