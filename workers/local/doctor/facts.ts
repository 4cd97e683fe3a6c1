import type { VendorName } from "../run/vendors.ts";

/** Where the doctor looks: the local default, or one of the two deployed environments. */
export type Place = "local" | "staging" | "production";

/** A table of TOML. */
export type Table = Record<string, unknown>;

/** One deployment of a toml: its top level, or one of its environments. */
export interface Block {
	/** Such as `chat` or `voice staging`. */
	title: string;
	folder: "portal" | "chat" | "voice";
	/** The toml's file name. */
	config: string;
	/** The toml's environment; "" = its top level. */
	name: string;
	table: Table;
}

/** A block with the variables that hold where the doctor looks. */
export interface Deployment extends Block {
	variables: ReadonlyMap<string, string>;
	/** What the worker may be given as secrets, by name. */
	secretNames: readonly string[];
}

/** What was asked for, or why it is not known. */
export type Known<T> = { value: T } | { unknown: string };

/** What a server said; `failed` = why nothing came. */
export type Reply = { status: number; body: unknown } | { failed: string };

/** A vendor's part: it was asked, or there is a reason why not. */
export type Asked<T> = { facts: T } | { skipped: Skipped };

/** Why a vendor was not asked. */
export type Skipped =
	/** A stand-in answers in its place. */
	| "stand-in"
	/** The key is not at hand: those of a deployment cannot be read back. */
	| "no key"
	/** The key would go to an address that is not the vendor's. */
	| "bad address";

export interface ClerkFacts {
	/** The domain; undefined = it is of no usable form. */
	issuer: string | undefined;
	/** What it publishes at its JWKS address. */
	published: Reply | undefined;
	/** The instance's keys as the secret key sees them; undefined = it is not at hand. */
	own: Reply | undefined;
}

export interface StripeFacts {
	mode: "live" | "test" | undefined;
	/** By lookup key, their products expanded; undefined = the plans are not known. */
	prices: Reply | undefined;
	webhooks: Reply;
	portals: Reply;
}

export interface GeminiFacts {
	/** What is told of each model, by its name. */
	models: ReadonlyMap<string, Reply>;
	/** What the models that answer visitors said to one word, by name. */
	answers: ReadonlyMap<string, Reply>;
}

export interface ElevenLabsFacts {
	voices: ReadonlyMap<string, Reply>;
	/** One character spoken by the default voice. */
	speech: Reply;
	agents: ReadonlyMap<string, Reply>;
	/** The answer to asking for a conversation with the first agent; undefined = there is none. */
	mint: Reply | undefined;
}

export interface CronRow {
	worker: string;
	cron: string;
	/** epoch ms */
	endedAt: number;
}

/** What the database says, as far as the doctor asks. */
export interface DatabaseFacts {
	/** Version of its schema; 0 = it has none. */
	version: number;
	/** undefined where the schema is older than this code. */
	content: DatabaseContent | undefined;
}

export interface DatabaseContent {
	/** Lookup keys of the plans that Stripe sells. */
	lookupKeys: string[];
	/** Live, active engines that any https page may use. */
	openEngines: { id: string; name: string; orgId: string }[];
	agents: string[];
	models: string[];
	/** Orgs that are answered only under an agreement on patients' data. */
	baaOrgs: number;
	/** Active engines that speak. */
	voiceEngines: number;
	crons: CronRow[];
}

/** All that is known before anything is judged. */
export interface Facts {
	place: Place;
	/** What the variable ENVIRONMENT must say there. */
	environment: "development" | "staging" | "production";
	/** epoch ms */
	now: number;
	/** Every deployment of the tomls. */
	blocks: readonly Block[];
	/** Those of the place. */
	deployments: readonly Deployment[];
	/** Secrets at hand, by name. Their values go to their vendors and nowhere else. */
	keys: ReadonlyMap<string, string>;
	standIns: readonly VendorName[];
	/** Names in .dev.vars that no worker reads. */
	unusedVariables: readonly string[];
	/** Where the local default's page is reached. */
	localOrigin: string;
	/** Secrets that each deployment has, by the deployment's title. */
	secrets: ReadonlyMap<string, Known<string[]>>;
	/** D1 databases of the account, id by name. */
	databases: Known<ReadonlyMap<string, string>>;
	database: Known<DatabaseFacts>;
	clerk: Asked<ClerkFacts>;
	stripe: Asked<StripeFacts>;
	gemini: Asked<GeminiFacts>;
	elevenlabs: Asked<ElevenLabsFacts>;
	/** `GET /health` of the portal. */
	health: { url: string; reply: Reply };
	/** `GET /portal/doctor`; undefined = there is no token. */
	setup: Reply | undefined;
}
