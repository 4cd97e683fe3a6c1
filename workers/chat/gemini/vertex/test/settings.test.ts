import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../../../lib/test/database.ts";
import { CHADIS_KEY, expectError, newClient } from "../../../test/client.ts";
import { NOTHING_WRITTEN, written } from "../../../test/tables.ts";
import { newAccount, pemOf, spyOnLog } from "./google.ts";

beforeEach(() => resetDatabase(env.DB));
afterEach(() => vi.restoreAllMocks());

/** A key of these bits in the form of a key file. */
async function shortKey(modulusLength: number): Promise<string> {
	const parameters = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", publicExponent: new Uint8Array([1, 0, 1]) };
	const pair = await crypto.subtle.generateKey({ ...parameters, modulusLength }, true, ["sign", "verify"]);
	if (!("privateKey" in pair)) throw new Error("One key in place of two.");
	return pemOf(pair.privateKey);
}

/** The error of a turn with this key file, and what was logged; nothing may have been asked or written. */
async function refusedBy(account: Awaited<ReturnType<typeof newAccount>>, bindings: Record<string, string>) {
	const log = spyOnLog();
	await expectError(
		await newClient().call({ key: CHADIS_KEY, env: { ...account.env, ...bindings } }),
		503,
		"not_configured",
	);
	expect([await account.exchanges(), await account.asked()]).toEqual([[], []]);
	expect(await written()).toEqual(NOTHING_WRITTEN);
	return log();
}

describe("a key file", () => {
	const wrong: [string, Record<string, unknown>, string][] = [
		["of a person", { type: "authorized_user" }, "type"],
		["without a project", { project_id: undefined }, "project_id"],
		["whose project is a path", { project_id: "../../other" }, "project_id"],
		["without the key's id", { private_key_id: undefined }, "private_key_id"],
		["without an address", { client_email: undefined }, "client_email"],
		["without a key", { private_key: undefined }, "private_key"],
		["whose key is no PEM", { private_key: "secret-words" }, "private_key"],
		[
			"whose key is no key",
			{ private_key: `-----BEGIN PRIVATE KEY-----\n${btoa("x".repeat(200))}\n-----END PRIVATE KEY-----\n` },
			"private_key",
		],
		["that would send assertions elsewhere", { token_uri: "https://evil.example/token" }, "token_uri"],
		["that would send them through a gateway", { token_uri: "https://gateway.ai.cloudflare.com/token" }, "token_uri"],
		["that would send them in the clear", { token_uri: "http://oauth2.googleapis.com/token" }, "token_uri"],
		["that would send them to another path", { token_uri: "https://oauth2.googleapis.com/revoke" }, "token_uri"],
	];
	it.each(wrong)("%s is refused at once, and the log names the secret and no more", async (_, fields, named) => {
		const account = await newAccount();
		const file = { ...account.file, ...fields };
		const log = await refusedBy(account, { VERTEX_SERVICE_ACCOUNT: JSON.stringify(file) });
		expect(log).toMatch(new RegExp(`"reason":"VERTEX_SERVICE_ACCOUNT .*${named}`));
		expect(log).not.toMatch(/evil|secret-words|BEGIN|gserviceaccount/);
	});

	it.each([
		["that is no JSON", "AIzaSomeKeyInTheWrongPlace"],
		["that is a list", "[]"],
	])("%s is refused at once", async (_, text) => {
		const log = await refusedBy(await newAccount(), { VERTEX_SERVICE_ACCOUNT: text });
		expect(log).toContain("VERTEX_SERVICE_ACCOUNT is missing or unusable");
		expect(log).not.toContain("AIza");
	});

	it("with a key of 1,024 bits is refused at once", async () => {
		const account = await newAccount();
		const file = { ...account.file, private_key: await shortKey(1024) };
		expect(await refusedBy(account, { VERTEX_SERVICE_ACCOUNT: JSON.stringify(file) })).toContain("private_key");
	});

	it("that is unusable does not concern a deployment with a key of the Developer API", async () => {
		const client = newClient();
		const answer = await client.call({ key: CHADIS_KEY, env: { VERTEX_SERVICE_ACCOUNT: "{}" } });
		expect(answer.status).toBe(200);
		expect(await client.asked()).toHaveLength(1);
	});

	it("without a token address uses Google's own", async () => {
		const account = await newAccount();
		const file = JSON.stringify({ ...account.file, token_uri: undefined });
		const answer = await newClient().call({ key: CHADIS_KEY, env: { ...account.env, VERTEX_SERVICE_ACCOUNT: file } });
		expect(answer.status).toBe(200);
	});
});

describe("the variables of Vertex AI", () => {
	it.each([
		["a location that is none", { VERTEX_LOCATION: "moon" }, "VERTEX_LOCATION"],
		["a location that names another host", { VERTEX_LOCATION: "evil.example/" }, "VERTEX_LOCATION"],
		["a project that is none", { VERTEX_PROJECT: "Not A Project" }, "VERTEX_PROJECT"],
		["a base URL elsewhere", { VERTEX_BASE_URL: "https://evil.example" }, "VERTEX_BASE_URL"],
		["a base URL of another location", { VERTEX_BASE_URL: "https://aiplatform.googleapis.com" }, "VERTEX_BASE_URL"],
		["a base URL in the clear", { VERTEX_BASE_URL: "http://aiplatform.us.rep.googleapis.com" }, "VERTEX_BASE_URL"],
		[
			"a base URL on this machine in production",
			{ VERTEX_BASE_URL: "http://127.0.0.1:9000", ENVIRONMENT: "production" },
			"VERTEX_BASE_URL",
		],
	])("%s is refused", async (_, bindings, named) => {
		expect(await refusedBy(await newAccount(), bindings)).toContain(`"reason":"${named} is missing or unusable"`);
	});

	it.each([
		["us", "aiplatform.us.rep.googleapis.com"],
		["eu", "aiplatform.eu.rep.googleapis.com"],
		["global", "aiplatform.googleapis.com"],
		["us-central1", "us-central1-aiplatform.googleapis.com"],
		["northamerica-northeast1", "northamerica-northeast1-aiplatform.googleapis.com"],
	])("location %s is asked on %s", async (location, host) => {
		const account = await newAccount();
		const bindings = { ...account.env, VERTEX_LOCATION: location, VERTEX_PROJECT: "another-project" };
		expect((await newClient().call({ key: CHADIS_KEY, env: bindings })).status).toBe(200);
		const [asked] = await account.asked();
		expect(asked?.headers.host).toBe(host);
		expect(asked?.path).toContain(`/v1/projects/another-project/locations/${location}/publishers/google/models/`);
	});
});
