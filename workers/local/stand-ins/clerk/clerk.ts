import { createSigningKey, sessionClaims, signToken } from "./clerk-token.ts";
import type { SigningKey, TokenRequest } from "./clerk-token.ts";
import { bearerOf, isRefusedKey, jsonAnswer, randomId } from "../wire.ts";
import type { Answer, Fault, Incoming, Vendor } from "../wire.ts";

const JWKS_PATH = "/.well-known/jwks.json";
const BACKEND_JWKS_PATH = "/v1/jwks";
const MEMBERSHIPS_PATH = /^\/v1\/organizations\/([^/]+)\/memberships$/;
const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 500;
const SEEDED_AT_MS = 1_780_000_000_000;

type Body = Record<string, unknown>;

export interface ClerkState {
	/** Whether the URL is a Clerk Frontend host's: registered, of Clerk's development domain, or the key path on loopback. */
	servesFrontend(url: URL): boolean;
	setKeys(host: string, keys: Body[]): void;
	setMembers(orgId: string, members: Body[]): void;
	/** A signed session token; hosts with keys of their own are refused, for their private key is not here. */
	mint(request: Body): Promise<string>;
}

/** Clerk: the Frontend host's JWKS, the Backend API's membership list, and session tokens of both versions. */
export function createClerk(): { frontend: Vendor; backend: Vendor; state: ClerkState } {
	const keysByHost = new Map<string, Body[]>();
	const members = new Map<string, Body[]>();
	let ownKey: Promise<SigningKey> | undefined;
	const own = () => (ownKey ??= createSigningKey());
	const frontend: Vendor = {
		name: "clerk-frontend",
		credential: (_headers, url) => url.host,
		failure,
		async answer({ method, url }) {
			if (method !== "GET" || url.pathname !== JWKS_PATH) return undefined;
			return jsonAnswer({ keys: keysByHost.get(url.host) ?? [(await own()).publicJwk] });
		},
	};
	/** The instance's keys by its secret key: the stand-in's own, unless keys were set under the secret key itself. */
	const ownKeys = async ({ method, credential }: Incoming): Promise<Answer | undefined> => {
		if (method !== "GET") return undefined;
		if (credential === "" || isRefusedKey(credential)) return failure(401, {});
		return jsonAnswer({ keys: keysByHost.get(credential) ?? [(await own()).publicJwk] });
	};
	const backend: Vendor = {
		name: "clerk",
		credential: bearerOf,
		failure,
		answer: (call) => (call.url.pathname === BACKEND_JWKS_PATH ? ownKeys(call) : memberships(call, members)),
	};
	const state: ClerkState = {
		servesFrontend: ({ host, hostname, pathname }) =>
			keysByHost.has(host) || hostname.endsWith(".clerk.accounts.dev") || pathname === JWKS_PATH,
		setKeys: (host, keys) => void keysByHost.set(host, keys),
		setMembers: (orgId, list) =>
			void members.set(
				orgId,
				list.map((seed, index) => membership(orgId, seed, index)),
			),
		async mint(body) {
			const request = tokenRequest(body);
			if (keysByHost.has(request.host)) throw new Error(`${request.host} has keys of its own: sign with them.`);
			const claims = sessionClaims(request, Math.floor(Date.now() / 1000));
			return signToken(await own(), claims, request.header);
		},
	};
	return { frontend, backend, state };
}

function isTokenRequest(body: Body): body is Body & TokenRequest {
	return typeof body.host === "string" && typeof body.user_id === "string";
}

function tokenRequest(body: Body): TokenRequest {
	if (!isTokenRequest(body)) throw new Error('"host" and "user_id" must be strings.');
	return body;
}

function memberships(call: Incoming, members: Map<string, Body[]>): Answer | undefined {
	const orgId = MEMBERSHIPS_PATH.exec(call.url.pathname)?.[1];
	if (orgId === undefined || call.method !== "GET") return undefined;
	if (call.credential === "" || isRefusedKey(call.credential)) return failure(401, {});
	const list = members.get(decodeURIComponent(orgId));
	if (list === undefined) return failure(404, {});
	const limit = Number(call.url.searchParams.get("limit") ?? DEFAULT_LIMIT);
	const offset = Number(call.url.searchParams.get("offset") ?? 0);
	if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
		return failure(422, { code: "form_param_value_invalid" });
	if (!Number.isInteger(offset) || offset < 0) return failure(422, { code: "form_param_value_invalid" });
	return jsonAnswer({ data: list.slice(offset, offset + limit), total_count: list.length });
}

/** A whole membership around the seed, private metadata included: a caller must not pass it on. */
function membership(orgId: string, seed: Body, index: number): Body {
	const createdAt = seed.created_at ?? SEEDED_AT_MS + index;
	const role = String(seed.role ?? "org:member");
	return {
		id: randomId("orgmem_", 27),
		object: "organization_membership",
		role: role.startsWith("org:") ? role : `org:${role}`,
		role_name: role.replace(/^org:/, ""),
		permissions: ["org:sys_memberships:read"],
		public_metadata: {},
		private_metadata: { note: "private: never to be passed on" },
		organization: organization(orgId),
		public_user_data: {
			user_id: seed.user_id,
			first_name: seed.first_name ?? null,
			last_name: seed.last_name ?? null,
			image_url: seed.image_url ?? "https://img.clerk.com/stand-in",
			has_image: seed.image_url !== undefined,
			identifier: seed.identifier ?? null,
			username: null,
			banned: false,
			deprovisioned: false,
			profile_image_url: seed.image_url ?? "https://img.clerk.com/stand-in",
		},
		created_at: createdAt,
		updated_at: createdAt,
	};
}

function organization(id: string): Body {
	return {
		object: "organization",
		id,
		name: "Stand-in organization",
		slug: null,
		image_url: "https://img.clerk.com/stand-in",
		has_image: false,
		members_count: 0,
		max_allowed_memberships: 20,
		admin_delete_enabled: true,
		public_metadata: {},
		private_metadata: { note: "private: never to be passed on" },
		created_by: "user_standin",
		created_at: SEEDED_AT_MS,
		updated_at: SEEDED_AT_MS,
		last_active_at: SEEDED_AT_MS,
	};
}

const ERRORS: Record<number, { code: string; message: string }> = {
	401: { code: "clerk_key_invalid", message: "The provided Clerk Secret Key is invalid." },
	403: { code: "authorization_invalid", message: "You are not authorized to perform this request." },
	404: { code: "resource_not_found", message: "Resource not found" },
	422: { code: "form_param_value_invalid", message: "is invalid" },
	429: { code: "too_many_requests", message: "Too many requests. Please try again in a bit." },
};

/** Clerk's `{errors:[…], clerk_trace_id}`; a 429 carries Retry-After when the fault says so. */
function failure(status: number, fault: Fault): Answer {
	const { code, message } = ERRORS[status] ?? {
		code: "internal_clerk_error",
		message: "Oops, an unexpected error occurred",
	};
	const wait: Record<string, string> = {};
	if (fault.retry_after_seconds !== undefined) wait["retry-after"] = String(fault.retry_after_seconds);
	const errors = [{ message, long_message: message, code: fault.code ?? code }];
	return jsonAnswer({ errors, clerk_trace_id: randomId("", 32).toLowerCase() }, status, wait);
}
