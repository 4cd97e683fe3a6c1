import { ApiError } from "../../lib/http/errors.ts";
import type { Danger } from "../../lib/safety/detect.ts";
import { isSiteKey } from "../../lib/site/site-key.ts";
import { recallSite } from "../../lib/site/site-memory.ts";
import { isoInstant } from "../../lib/time.ts";
import type { Asked } from "../turn/turn.ts";
import { countFixed } from "./count.ts";
import { helpOf } from "./texts/help.ts";
import type { Help } from "./texts/help.ts";

/** Who asks, before anything is known of them. */
interface Asking {
	/** As the request carries it; null = without. */
	siteKey: string | null;
	country: string;
}

/** Help by what this isolate remembers of the site, or by the deployment's country alone: nothing is waited for. */
export function helpAtHand({ siteKey, country }: Asking, { origin, startedAt }: Asked): Help {
	const site = siteKey === null ? undefined : recallSite({ siteKey, origin, startedAt });
	return helpOf(country, site?.safety);
}

/** Has a fixed answer counted, after it was given. */
export function countLater(danger: Danger, siteKey: string | null, db: D1Database | undefined, asked: Asked): void {
	if (siteKey === null || db === undefined || !isSiteKey(siteKey)) return;
	const caller = { siteKey, origin: asked.origin, now: isoInstant(asked.startedAt) };
	asked.waitUntil(countFixed(db, caller, danger, asked.requestId));
}

/** Whether a fault leaves a visitor without the answer that a hint would else stand below: it is ours, a vendor's or a limit's, not the caller's. */
export function leavesAlone(fault: unknown): boolean {
	if (!(fault instanceof ApiError)) return true;
	return fault.status === 429 || fault.status >= 500 || fault.code === "site_inactive" || fault.code === "org_inactive";
}
