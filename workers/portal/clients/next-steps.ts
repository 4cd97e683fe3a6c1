/** What of a client says what is to do. */
interface Client {
	status: string;
	status_locked: boolean;
	clerk_org_id: string | null;
	stripe: { is_sold: boolean; is_subscribed: boolean };
	monthly_price_usd_micros: number | null;
	has_instructions: boolean;
	knowledge_entries: number;
}

/** What of an engine does. */
interface Engine {
	type: string;
	status: string;
	environment: string;
	origins_open: boolean;
	last_active_at: string | null;
}

/** What is still to do for a client: a word for programs, and a sentence for whoever does it. */
interface NextStep {
	step: Step;
	message: string;
}

const MESSAGES = {
	cancel_subscription:
		"Service has ended and the subscription at Stripe goes on: cancel it there, or the client pays for nothing.",
	settle_payment: "The last payment has failed: ask the client to open the customer portal and renew the card.",
	resume_engines: "No live engine is active: set one to active, or no page is answered.",
	embed: "Put the embed line into the client's pages, before </body>: nobody has talked to a live engine yet.",
	restrict_origins: "Name the client's websites as allowed_origins: a live engine answers pages of any https origin.",
	tie_clerk:
		"Make an organization at Clerk for the client's people and set its id as clerk_org_id: nobody sees the dashboard yet.",
	add_knowledge: "Write knowledge or have the client write it: the bot has nothing to answer from.",
	set_instructions: "Say in the configuration's instructions who the bot speaks for.",
	subscribe:
		"Have an admin of the client subscribe in the dashboard, or set status_locked where it is invoiced by hand.",
	set_price: "Say what the client pays as monthly_price_usd_micros: no margin can be told without it.",
} as const;

type Step = keyof typeof MESSAGES;
export const STEPS = Object.keys(MESSAGES);

/** In the order in which they are to be done. */
export function nextSteps(client: Client, engines: readonly Engine[]): NextStep[] {
	const live = engines.filter(({ environment, status }) => environment === "live" && status !== "archived");
	const isOver = client.status === "churned" || client.status === "inactive";
	const steps = isOver ? afterService(client) : inService(client, live);
	return steps.map((step) => ({ step, message: MESSAGES[step] }));
}

function afterService({ status, stripe }: Client): Step[] {
	return status === "churned" && stripe.is_subscribed ? ["cancel_subscription"] : [];
}

function inService(client: Client, live: readonly Engine[]): Step[] {
	const chatbots = live.filter(({ type }) => type === "chatbot");
	const { stripe } = client;
	const due: [Step, boolean][] = [
		["settle_payment", client.status === "past_due"],
		["resume_engines", !live.some(({ status }) => status === "active")],
		["embed", chatbots.length > 0 && live.every(({ last_active_at }) => last_active_at === null)],
		["restrict_origins", live.some(({ origins_open, status }) => origins_open && status === "active")],
		["tie_clerk", client.clerk_org_id === null],
		["add_knowledge", client.knowledge_entries === 0],
		["set_instructions", !client.has_instructions],
		["subscribe", stripe.is_sold && !stripe.is_subscribed && !client.status_locked],
		["set_price", client.monthly_price_usd_micros === null],
	];
	return due.filter(([, isDue]) => isDue).map(([step]) => step);
}
