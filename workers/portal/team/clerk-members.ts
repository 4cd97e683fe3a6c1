import { readBytes } from "../../lib/http/body.ts";
import { ApiError } from "../../lib/http/errors.ts";
import { isObject, parseJson } from "../../lib/http/json.ts";
import { SECOND_MS, isoInstant } from "../../lib/time.ts";
import { fetchVendor, openDeadline, retryAfterSeconds } from "../../lib/vendor/call.ts";
import { pause } from "../../lib/time-limit.ts";
import { roleOf } from "../auth/clerk-claims.ts";
import { NO_ORGANIZATION, refusalOf, teamRefused, teamUnavailable, textOf } from "./clerk-refusal.ts";

/** The Backend API's version that this file was written for. */
const API_VERSION = "2026-05-12";
/** Clerk's largest page. */
const PAGE_SIZE = 500;
/** Members of an org that are listed; `total` counts them all. */
const MAX_MEMBERS = 5000;
const MAX_PAGE_BYTES = 8_388_608;
/** More members than this no organization has: a count beyond it is none. */
const MAX_TOTAL = 1_000_000;
/** 9999-12-31, the last day that four digits of a year can name, epoch ms. */
const LAST_INSTANT_MS = 253_402_300_799_999;
/** All pages of one list, ms. */
const TIME_LIMIT_MS = 5000;
/** The longest wait asked for by a 429 that is waited out, seconds. */
const MAX_WAIT_SECONDS = 2;
const CACHE_MS = 60_000;
const MAX_CACHED_ORGS = 30;

export interface ClerkApi {
	/** Without a trailing slash. */
	baseUrl: string;
	secretKey: string;
}

/** The only fields that leave: Clerk's answer also holds private metadata. */
export interface Member {
	user_id: string;
	name: string | null;
	email: string | null;
	role: "admin" | "member";
	image_url: string | null;
	/** ISO instant */
	joined_at: string;
}

export interface Team {
	members: Member[];
	total: number;
}

// Kept by key and org, since another key may be another Clerk instance's. Lists only, never promises: a promise made in one
// request must not be awaited in another.
const cache = new Map<string, { team: Team; at: number }>();

/**
 * The members of a Clerk organization, the oldest first, at most 60 s old.
 * Source: Backend API, GET /v1/organizations/{id}/memberships.
 * @param orgId Clerk's id
 * @param now epoch ms
 * @throws {ApiError} team_unavailable, with Retry-After unless Clerk refuses what it would refuse again
 */
export async function listMembers(api: ClerkApi, orgId: string, now: number): Promise<Team> {
	const cacheKey = `${api.baseUrl} ${api.secretKey} ${orgId}`;
	const cached = cache.get(cacheKey);
	if (cached !== undefined && now - cached.at < CACHE_MS) return cached.team;
	const team = await fetchTeam(api, orgId);
	cache.delete(cacheKey);
	cache.set(cacheKey, { team, at: now });
	const [oldest] = cache.keys();
	if (cache.size > MAX_CACHED_ORGS && oldest !== undefined) cache.delete(oldest);
	return team;
}

async function fetchTeam(api: ClerkApi, orgId: string): Promise<Team> {
	// It goes into a URL, and the key goes along.
	if (!/^org_[A-Za-z0-9]+$/.test(orgId)) throw teamRefused(NO_ORGANIZATION, "org_id_malformed");
	const deadline = openDeadline(TIME_LIMIT_MS);
	try {
		return await fetchPages(api, orgId, deadline.signal);
	} catch (error) {
		if (error instanceof ApiError && error.code === "team_unavailable") throw error;
		if (deadline.isPassed()) throw teamUnavailable("timeout");
		throw teamUnavailable(error instanceof Error ? error.name : "unknown");
	} finally {
		deadline.clear();
	}
}

/** Members who come or go between two pages shift the rest: by the oldest first, only the end of the list moves, and nobody shows twice. */
async function fetchPages(api: ClerkApi, orgId: string, signal: AbortSignal): Promise<Team> {
	const members = new Map<string, Member>();
	for (let offset = 0; ; offset += PAGE_SIZE) {
		const { data, total } = await fetchPage(api, orgId, offset, signal);
		for (const member of data.map(parseMember)) if (member !== undefined) members.set(member.user_id, member);
		if (offset + PAGE_SIZE >= Math.min(total, MAX_MEMBERS) || data.length === 0)
			return { members: [...members.values()], total };
	}
}

async function fetchPage(
	api: ClerkApi,
	orgId: string,
	offset: number,
	signal: AbortSignal,
): Promise<{ data: unknown[]; total: number }> {
	const url = `${api.baseUrl}/v1/organizations/${orgId}/memberships?limit=${PAGE_SIZE}&offset=${offset}&order_by=%2Bcreated_at`;
	const headers = {
		Authorization: `Bearer ${api.secretKey}`,
		"Clerk-API-Version": API_VERSION,
		Accept: "application/json",
	};
	const response = await fetchPatiently(url, headers, signal);
	if (response.status === 200) return parsePage(await readBytes(response, MAX_PAGE_BYTES));
	throw await refusalOf(response);
}

/** Waits out one 429 that asks for little time. */
async function fetchPatiently(url: string, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
	const response = await fetchVendor(url, { headers }, signal);
	const wait = response.status === 429 ? retryAfterSeconds(response) : undefined;
	if (wait === undefined || wait > MAX_WAIT_SECONDS) return response;
	await response.body?.cancel();
	await pause(wait * SECOND_MS);
	return fetchVendor(url, { headers }, signal);
}

function parsePage(bytes: Uint8Array): { data: unknown[]; total: number } {
	const body = parseJson(bytes);
	const { data, total_count: total } = isObject(body) ? body : {};
	if (!Array.isArray(data) || !isCount(total)) throw teamUnavailable("list_malformed");
	return { data, total };
}

function isCount(value: unknown): value is number {
	return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MAX_TOTAL;
}

/** Epoch ms. */
function isInstant(value: unknown): value is number {
	return typeof value === "number" && value >= 0 && value <= LAST_INSTANT_MS;
}

/** A membership whose user Clerk does not tell has nobody to show. */
function parseMember(membership: unknown): Member | undefined {
	if (!isObject(membership) || !isObject(membership["public_user_data"])) return undefined;
	const { role, created_at: createdAt, public_user_data: user } = membership;
	const userId = textOf(user["user_id"]);
	if (userId === null || !isInstant(createdAt)) return undefined;
	const identifier = textOf(user["identifier"]);
	return {
		user_id: userId,
		name: nameOf(user),
		// The primary e-mail address, or a phone number or user name.
		email: identifier?.includes("@") === true ? identifier : null,
		role: roleOf(role),
		image_url: textOf(user["image_url"]),
		joined_at: isoInstant(createdAt),
	};
}

function nameOf(user: Record<string, unknown>): string | null {
	const parts = [textOf(user["first_name"]), textOf(user["last_name"])].filter((part) => part !== null);
	return parts.length > 0 ? parts.join(" ") : textOf(user["username"]);
}
