import type Stripe from "stripe";
import { invalid, missing } from "./stripe-errors.ts";
import { listOf, textOf } from "./stripe-form.ts";
import type { Form } from "./stripe-form.ts";
import type { Account } from "./stripe-state.ts";
import { jsonAnswer } from "../wire.ts";
import type { Answer } from "../wire.ts";

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 100;
/** Items that stand in a subscription itself; the others are listed apart. */
const INLINE_ITEMS = 20;
const EXPANDABLE = ["items.data.price", "data.items.data.price", "customer", "data.customer", "data.product"];

/** Every GET; undefined where Stripe has nothing. */
export function read(path: string, query: Form, account: Account): Answer | undefined {
	const wrong = listOf(query, "expand").find((name) => !EXPANDABLE.includes(String(name)));
	if (wrong !== undefined) return invalid(`This property cannot be expanded (${String(wrong)}).`, "expand");
	const [, version, kind = "", ...rest] = path.split("/");
	const id = decodeURIComponent(rest.at(-1) ?? "");
	if (version !== "v1") return undefined;
	const list = LISTS[[kind, ...rest].join("/")];
	if (list !== undefined) return list(query, account);
	if (kind === "subscriptions" && rest.length === 1) {
		const found = account.subscriptions.get(id);
		return found === undefined ? missing("subscription", id, "id") : jsonAnswer(expanded(found, query, account));
	}
	if (kind === "customers" && rest.length === 1) return found("customer", id, account.customers);
	return kind === "checkout" && rest[0] === "sessions" && rest.length === 2
		? found("checkout.session", id, account.checkouts)
		: undefined;
}

/** Every list, by its path below /v1. */
const LISTS: Record<string, (query: Form, account: Account) => Answer> = {
	prices: (query, account) => listed("/v1/prices", pricesOf(query, account), query),
	webhook_endpoints: (query, account) => listed("/v1/webhook_endpoints", [...account.webhookEndpoints.values()], query),
	"billing_portal/configurations": (query, account) =>
		listed("/v1/billing_portal/configurations", portalConfigurations(account), query),
	subscriptions,
	subscription_items: subscriptionItems,
};

function found(kind: string, id: string, objects: Map<string, object>): Answer {
	const object = objects.get(id);
	return object === undefined ? missing(kind, id, "id") : jsonAnswer(object);
}

function pricesOf(query: Form, account: Account): object[] & { id: string }[] {
	const keys = listOf(query, "lookup_keys");
	const active = textOf(query, "active");
	const wanted = (one: Stripe.Price) => keys.length === 0 || (one.lookup_key !== null && keys.includes(one.lookup_key));
	const found = [...account.prices.values()].filter(
		(one) => wanted(one) && (active === "" || String(one.active) === active),
	);
	if (!listOf(query, "expand").includes("data.product")) return found;
	return found.map((one) => ({ ...one, product: productOf(String(one.product), account) }));
}

/** As much of a product as tells whether its prices can be bought. */
function productOf(id: string, { archivedProducts }: Account): object {
	return { id, object: "product", active: !archivedProducts.has(id) };
}

/** The customer portal's default configuration, where there is one. */
function portalConfigurations({ hasPortal }: Account): { id: string }[] {
	const configuration = {
		...{ id: "bpc_standin", object: "billing_portal.configuration", active: true, is_default: true },
		...{ livemode: false, metadata: {}, business_profile: { headline: null }, features: {} },
	};
	return hasPortal ? [configuration] : [];
}

/** Newest first; without `status` the canceled ones stay out. */
function subscriptions(query: Form, account: Account): Answer {
	const customerId = textOf(query, "customer");
	const status = textOf(query, "status");
	if (customerId !== "" && !account.customers.has(customerId)) return missing("customer", customerId, "customer");
	const ended = ["canceled", "incomplete_expired"];
	const wanted = (one: Stripe.Subscription) => {
		if (status === "all") return true;
		if (status === "ended") return ended.includes(one.status);
		return status === "" ? one.status !== "canceled" : one.status === status;
	};
	const list = [...account.subscriptions.values()].filter(
		(one) => (customerId === "" || one.customer === customerId) && wanted(one),
	);
	list.sort((one, other) => other.created - one.created);
	return listed(
		"/v1/subscriptions",
		list.map((one) => expanded(one, query, account)),
		query,
	);
}

function expanded(whole: Stripe.Subscription, query: Form, account: Account): Stripe.Subscription {
	const one = withInlineItems(whole);
	const asked = listOf(query, "expand");
	const owner = typeof one.customer === "string" ? account.customers.get(one.customer) : undefined;
	return owner !== undefined && (asked.includes("customer") || asked.includes("data.customer"))
		? { ...one, customer: owner }
		: one;
}

function withInlineItems(one: Stripe.Subscription): Stripe.Subscription {
	const { data } = one.items;
	if (data.length <= INLINE_ITEMS) return one;
	return { ...one, items: { ...one.items, data: data.slice(0, INLINE_ITEMS), has_more: true } };
}

function subscriptionItems(query: Form, account: Account): Answer {
	const id = textOf(query, "subscription");
	if (id === "") return invalid("Missing required param: subscription.", "subscription", "parameter_missing");
	const found = account.subscriptions.get(id);
	if (found === undefined) return missing("subscription", id, "subscription");
	return listed("/v1/subscription_items", found.items.data, query);
}

/** One page after `starting_after`. */
function listed(url: string, objects: { id: string }[], query: Form): Answer {
	const limit = Number(textOf(query, "limit") || DEFAULT_LIMIT);
	if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
		return invalid("This value must be less than or equal to 100.", "limit", "parameter_invalid_integer");
	const after = textOf(query, "starting_after");
	const start = after === "" ? 0 : objects.findIndex(({ id }) => id === after) + 1;
	if (after !== "" && start === 0) return missing("object", after, "starting_after");
	return jsonAnswer({
		object: "list",
		url,
		has_more: objects.length > start + limit,
		data: objects.slice(start, start + limit),
	});
}
