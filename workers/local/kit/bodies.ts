import { Misuse } from "./arguments.ts";
import type { Typed } from "./arguments.ts";

// What is typed becomes the JSON body that the portal's own routes take, whose own rules so read it.

type Options = Typed["options"];
type Body = Record<string, unknown>;

const USD_MICROS = 1_000_000;

/** The body of `POST /portal/clients`. @throws {Misuse} */
export function newClientBody(name: string, options: Options): Body {
	return present({
		...clientBody(options),
		name,
		engine: present({ name: options.engine, ...engineBody(options) }),
		config: present({ greeting: options.greeting, instructions: options.instructions }),
	});
}

/** The body of `PATCH /portal/clients/{id}`. @throws {Misuse} */
export function clientBody(options: Options): Body {
	return present({
		name: options.name,
		slug: options.slug,
		plan: options.plan,
		status: options.status,
		status_locked: lockOf(options),
		clerk_org_id: options["clerk-org-id"] === "none" ? null : options["clerk-org-id"],
		client_share_percent: numberOf("share", options.share),
		daily_budget_usd_micros: usdOf("budget", options.budget),
		monthly_price_usd_micros: usdOf("price", options.price),
	});
}

/** Of an engine what `POST /portal/engines` takes beside its name. */
export function engineBody({ type, origin, "no-test": noTest }: Options): Body {
	return present({ type, allowed_origins: origin, with_test: noTest ? false : undefined });
}

function present(body: Body): Body {
	return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

function lockOf({ lock, unlock }: Options): boolean | undefined {
	if (lock && unlock) throw new Misuse("Type one of --lock and --unlock.");
	return lock || unlock ? lock : undefined;
}

function numberOf(option: string, typed: string | undefined): number | undefined {
	if (typed === undefined) return undefined;
	if (/^\d{1,9}$/.test(typed)) return Number(typed);
	throw new Misuse(`--${option} takes a whole number, such as --${option} 30.`);
}

/** Whole micro-USD of what is typed as USD; `none` is null. */
function usdOf(option: string, typed: string | undefined): number | null | undefined {
	if (typed === undefined) return undefined;
	if (typed === "none") return null;
	if (/^\d{1,7}(?:\.\d{1,6})?$/.test(typed)) return Math.round(Number(typed) * USD_MICROS);
	throw new Misuse(`--${option} takes USD, such as --${option} 99.50, or none.`);
}

/** The option by which a field of a body is typed. */
const OPTION_OF: Readonly<Record<string, string>> = {
	name: "the name",
	status_locked: "--lock",
	clerk_org_id: "--clerk-org-id",
	client_share_percent: "--share",
	daily_budget_usd_micros: "--budget",
	monthly_price_usd_micros: "--price",
	"engine.name": "--engine",
	"engine.type": "--type",
	"engine.allowed_origins": "--origin",
	allowed_origins: "--origin",
	"config.greeting": "--greeting",
	"config.instructions": "--instructions",
};

/** A faulty field as whoever typed it knows it. */
export function optionOf(field: string): string {
	return OPTION_OF[field] ?? `--${field}`;
}
