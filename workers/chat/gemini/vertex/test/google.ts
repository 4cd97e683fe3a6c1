import { vi } from "vitest";
import { callsOf, setFaults, setGoogleAccount } from "../../../../local/stand-ins/control.ts";
import type { Call, Fault } from "../../../../local/stand-ins/wire.ts";

const RS256 = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

/** A service account of a test's own, which no other test's faults, calls or bearers meet. */
export interface Account {
	email: string;
	/** Its key file, as Google gives it out. */
	file: Record<string, unknown>;
	/** Bindings of a deployment that has it and no other key. */
	env: { GEMINI_API_KEY: string; VERTEX_SERVICE_ACCOUNT: string };
	/** How the next calls of it go. */
	faults(...faults: Fault[]): Promise<void>;
	/** What reached Google's token endpoint. */
	exchanges(): Promise<Call[]>;
	/** What reached Vertex AI. */
	asked(): Promise<Call[]>;
}

let made: { pem: string; publicKey: object } | undefined;

/** Making a key takes a while, so the accounts share one: what tells them apart is their address. */
async function keyPair(): Promise<{ pem: string; publicKey: object }> {
	if (made !== undefined) return made;
	const parameters = { ...RS256, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
	const pair = await crypto.subtle.generateKey(parameters, true, ["sign", "verify"]);
	if (!("privateKey" in pair)) throw new Error("One key in place of two.");
	made = {
		pem: await pemOf(pair.privateKey),
		publicKey: Object(await crypto.subtle.exportKey("jwk", pair.publicKey)),
	};
	return made;
}

/** A private key as key files have it. */
export async function pemOf(key: CryptoKey): Promise<string> {
	const der = await crypto.subtle.exportKey("pkcs8", key);
	if (!(der instanceof ArrayBuffer)) throw new Error("A key file holds bytes.");
	const lines = btoa(String.fromCharCode(...new Uint8Array(der))).replaceAll(/.{64}/g, "$&\n");
	return `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`;
}

export async function newAccount(): Promise<Account> {
	const { pem, publicKey } = await keyPair();
	const email = `chat-${crypto.randomUUID()}@koby-test.iam.gserviceaccount.com`;
	const file = {
		type: "service_account",
		project_id: "koby-test",
		private_key_id: crypto.randomUUID().replaceAll("-", ""),
		private_key: pem,
		client_email: email,
		client_id: "100000000000000000001",
		auth_uri: "https://accounts.google.com/o/oauth2/auth",
		token_uri: "https://oauth2.googleapis.com/token",
		universe_domain: "googleapis.com",
	};
	await setGoogleAccount(email, publicKey);
	const ofVendor = async (vendor: string) => (await callsOf(email)).filter((call) => call.vendor === vendor);
	return {
		email,
		file,
		env: { GEMINI_API_KEY: "", VERTEX_SERVICE_ACCOUNT: JSON.stringify(file) },
		faults: (...faults) => setFaults(email, ...faults),
		exchanges: () => ofVendor("google-token"),
		asked: () => ofVendor("vertex"),
	};
}

/** Everything that is logged from now on, one text. */
export function spyOnLog(): () => string {
	const lines: string[] = [];
	for (const level of ["log", "warn", "error"] as const)
		vi.spyOn(console, level).mockImplementation(
			(...values: unknown[]) => void lines.push(values.map(String).join(" ")),
		);
	return () => lines.join("\n");
}
