/** What a request that needs the vendor may fail by. */
export const VENDOR_ERRORS = [
	"voice_provider_auth",
	"voice_quota_exhausted",
	"voice_not_available",
	"voice_busy",
	"voice_unavailable",
	"voice_timeout",
] as const;
