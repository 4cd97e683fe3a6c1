/** What the start script binds to the gateway. */
export interface GatewayEnv {
	PORTAL: Fetcher;
	CHAT: Fetcher;
	VOICE: Fetcher;
	CONVERSATION: Fetcher;
	STAND_INS: Fetcher;
	/** The files of the API reference's renderer, by name. */
	REFERENCE_FILES: Fetcher;
	DB: D1Database;
	/** Where people reach the gateway, such as http://localhost:8787 */
	ORIGIN: string;
	/** Where the vendors' stand-ins are reached, such as http://127.0.0.1:8787; also the Clerk stand-in's issuer. */
	STAND_IN_ORIGIN: string;
	/** Comma-separated names of the vendors that a stand-in answers for. */
	STAND_IN_VENDORS: string;
	/** Flags that make wrangler use this run's database. */
	DATABASE_FLAGS: string;
	/** The throw-away key and signing secret that the portal has too; only when Stripe is a stand-in. */
	STRIPE_SECRET_KEY?: string;
	STRIPE_WEBHOOK_SECRET?: string;
}
