import { secret } from "../env.ts";
import { DAY_MS, isoInstant, nextUtcDay } from "../time.ts";
import { isContact } from "./contact.ts";
import { notConfigured } from "./errors.ts";
import { notFound, ownUrl } from "./serve.ts";

/** Where RFC 9116 (section 3) has it. */
export const SECURITY_TXT_PATH = "/.well-known/security.txt";
const MAX_AGE_SECONDS = 86_400;
/** It must end, and should within a year (RFC 9116, 2.5.5): whoever finds an older copy asks again. */
const LIFE_DAYS = 90;

/**
 * `GET /.well-known/security.txt` (RFC 9116): whom to tell of a weakness. Its end moves on with each day.
 * @param contact SECURITY_CONTACT, a URI; blank = nobody is named
 * @param requestUrl its host is the deployment's own
 * @param now ms since the epoch
 * @throws {ApiError} not_found, not_configured
 */
export function securityTxt(contact: string | undefined, requestUrl: string, now: number): Response {
	const uri = secret(contact);
	if (uri === undefined) throw notFound();
	if (!isContact(uri)) throw notConfigured("SECURITY_CONTACT");
	const canonical = ownUrl(requestUrl, SECURITY_TXT_PATH);
	const lines = [
		`Contact: ${uri}`,
		`Expires: ${isoInstant(nextUtcDay(now) + LIFE_DAYS * DAY_MS)}`,
		"Preferred-Languages: en",
		// Only an https address says where the file belongs.
		...(canonical.startsWith("https:") ? [`Canonical: ${canonical}`] : []),
	];
	return new Response(`${lines.join("\n")}\n`, {
		headers: {
			"Content-Type": "text/plain; charset=utf-8",
			"Cache-Control": `public, max-age=${MAX_AGE_SECONDS}`,
		},
	});
}
