import { EVENTS_API_VERSION, HANDLED_EVENTS } from "../../../portal/events/handled-events.ts";
import type { Deployment, Facts, StripeFacts, Table } from "../facts.ts";
import { fix, ok, unlessFaulty, warn } from "../finding.ts";
import type { Finding } from "../finding.ts";
import { configFlags, deploymentOf, table, tables, textAt } from "../tables.ts";
import { isStatus, notAsked, troubleOf } from "./reply.ts";

const API = "https://api.stripe.com/v1";
const USER = '-u "$STRIPE_SECRET_KEY:"';

/** Whether customers can buy, change and leave, and we are told of it. */
export function judgeStripe(facts: Facts): Finding[] {
	const portal = deploymentOf(facts.deployments, "portal");
	const { stripe, place } = facts;
	if (portal === undefined) return [];
	if ("skipped" in stripe) return notAsked("stripe", "Stripe", "STRIPE_SECRET_KEY", place, stripe.skipped);
	const mode = judgeMode(stripe.facts, facts, portal);
	if (mode.some(({ level }) => level === "fix")) return mode;
	return [
		...mode,
		...judgePrices(stripe.facts, facts),
		...judgeWebhook(stripe.facts, facts),
		...judgePortal(stripe.facts),
	];
}

function judgeMode({ mode, portals }: StripeFacts, { environment, place }: Facts, portal: Deployment): Finding[] {
	const check = "stripe.key";
	const wanted = environment === "production" ? "live" : "test";
	const put =
		place === "local"
			? "echo 'STRIPE_SECRET_KEY=sk_test_…' >> .dev.vars"
			: `npx wrangler secret put STRIPE_SECRET_KEY ${configFlags(portal)}`;
	if (mode === undefined) return [fix(check, "STRIPE_SECRET_KEY is of no form that Stripe gives out.", put)];
	if (mode !== wanted)
		return [fix(check, `STRIPE_SECRET_KEY is of ${mode} mode, and ${environment} wants ${wanted}.`, put)];
	if (isStatus(portals, 401)) return [fix(check, "Stripe refuses STRIPE_SECRET_KEY.", put)];
	return [ok(check, `STRIPE_SECRET_KEY is of ${mode} mode, as ${environment} wants it.`)];
}

function judgePrices({ prices }: StripeFacts, { database }: Facts): Finding[] {
	const check = "stripe.prices";
	const keys = "value" in database ? (database.value.content?.lookupKeys ?? []) : [];
	if (prices === undefined)
		return [warn(check, "Prices are not looked at, as the plans are not known.", "see the line `database`")];
	if (!isStatus(prices, 200)) return [unread(check, "prices", troubleOf(prices))];
	const found = tables(table(prices.body)["data"]);
	const faults = keys.flatMap((key) =>
		judgePrice(
			key,
			found.filter((price) => price["lookup_key"] === key),
		),
	);
	return unlessFaulty(faults, check, `Every plan sold has its price: ${keys.join(", ")}.`);
}

function judgePrice(key: string, [price]: Table[]): Finding[] {
	const check = "stripe.prices";
	if (price === undefined) {
		const made = `curl ${API}/prices ${USER} -d lookup_key=${key} -d currency=usd -d unit_amount=<cents> -d "recurring[interval]=month" -d "product_data[name]=<plan>"`;
		return [fix(check, `No price has the lookup key ${key}: the plan cannot be bought.`, made)];
	}
	const id = textAt(price, "id");
	if (price["active"] !== true)
		return [fix(check, `The price ${key} is archived.`, `curl ${API}/prices/${id} ${USER} -d active=true`)];
	if (table(price["product"])["active"] === false)
		return [
			fix(
				check,
				`The product of the price ${key} is archived.`,
				`curl ${API}/products/${textAt(price, "product", "id")} ${USER} -d active=true`,
			),
		];
	if (price["type"] !== "recurring")
		return [
			fix(
				check,
				`The price ${key} is paid once, not by month.`,
				`give lookup_key=${key} to a recurring price, with transfer_lookup_key=true`,
			),
		];
	return [];
}

function judgeWebhook({ webhooks }: StripeFacts, { place, health, environment }: Facts): Finding[] {
	const check = "stripe.webhook";
	if (place === "local")
		return [
			ok(
				check,
				"Events come by `stripe listen --forward-to localhost:8787/webhooks/stripe`, whose secret is STRIPE_WEBHOOK_SECRET.",
			),
		];
	if (!isStatus(webhooks, 200)) return [unread(check, "webhook endpoints", troubleOf(webhooks))];
	const url = health.url.replace(/\/health$/, "/webhooks/stripe");
	const ours = tables(table(webhooks.body)["data"]).filter((one) => one["url"] === url);
	const events = HANDLED_EVENTS.map((event) => `-d "enabled_events[]=${event}"`).join(" ");
	const [endpoint, ...others] = ours;
	if (endpoint === undefined) {
		const made = `curl ${API}/webhook_endpoints ${USER} -d url=${url} -d api_version=${EVENTS_API_VERSION} ${events}`;
		return [fix(check, `No webhook endpoint of this mode is ${url}: nothing that is paid is learned of.`, made)];
	}
	const change = `curl ${API}/webhook_endpoints/${textAt(endpoint, "id")} ${USER}`;
	const faults = [...judgeEndpoint(endpoint, change, events, environment)];
	for (const other of others)
		faults.push(
			warn(
				check,
				"Two endpoints have this address: each event comes twice.",
				`curl -X DELETE ${API}/webhook_endpoints/${textAt(other, "id")} ${USER}`,
			),
		);
	return unlessFaulty(faults, check, `${url} is told of all ${HANDLED_EVENTS.length} events.`);
}

function judgeEndpoint(endpoint: Table, change: string, events: string, environment: string): Finding[] {
	const check = "stripe.webhook";
	const faults: Finding[] = [];
	if (endpoint["status"] !== "enabled")
		faults.push(fix(check, "The webhook endpoint is disabled.", `${change} -d disabled=false`));
	const sent: unknown[] = Array.isArray(endpoint["enabled_events"]) ? endpoint["enabled_events"] : [];
	const missing = sent.includes("*") ? [] : HANDLED_EVENTS.filter((event) => !sent.includes(event));
	if (missing.length > 0)
		faults.push(fix(check, `The webhook endpoint does not send ${missing.join(", ")}.`, `${change} ${events}`));
	const version = endpoint["api_version"];
	if (version !== EVENTS_API_VERSION)
		faults.push(
			warn(
				check,
				`Events come in API version ${typeof version === "string" ? version : "of the account"}, and are read by ${EVENTS_API_VERSION}.`,
				`make a new endpoint with -d api_version=${EVENTS_API_VERSION}, put its secret, then: curl -X DELETE ${change.slice("curl ".length)}`,
			),
		);
	if (endpoint["livemode"] !== (environment === "production"))
		faults.push(fix(check, "The webhook endpoint is of the other mode.", "make it in the mode of STRIPE_SECRET_KEY"));
	return faults;
}

function judgePortal({ portals }: StripeFacts): Finding[] {
	const check = "stripe.portal";
	if (!isStatus(portals, 200)) return [unread(check, "customer portal", troubleOf(portals))];
	const hasDefault = tables(table(portals.body)["data"]).some(
		(one) => one["active"] === true && one["is_default"] === true,
	);
	if (hasDefault) return [ok(check, "The customer portal is set up.")];
	return [
		fix(
			check,
			"The customer portal has no default configuration: nobody can change or end a subscription.",
			"open https://dashboard.stripe.com/settings/billing/portal (below /test for test mode) and save",
		),
	];
}

function unread(check: string, what: string, trouble: string): Finding {
	return warn(
		check,
		`The ${what} cannot be looked at: ${trouble}.`,
		`give the key the right to read ${what}, or run the doctor later`,
	);
}
