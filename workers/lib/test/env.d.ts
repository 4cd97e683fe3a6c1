declare module "*.sql?raw" {
	const text: string;
	export default text;
}

declare namespace Cloudflare {
	interface Env {
		DB: D1Database;
		LIMITER: RateLimit;
	}
}
