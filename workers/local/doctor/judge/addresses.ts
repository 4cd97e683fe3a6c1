import { isContact } from "../../../lib/http/contact.ts";
import type { Block, Deployment, Facts } from "../facts.ts";
import { fix, unlessFaulty, warn } from "../finding.ts";
import type { Finding } from "../finding.ts";
import { VENDOR_VARIABLES, vendorUrl } from "../gather/vendor-url.ts";
import { deploymentOf, items, setVariable, variable } from "../tables.ts";
import { isOrigin } from "./clerk.ts";

const CHECK = "addresses";
/** Variables of the chat that say where the widget finds another deployment. */
const WIDGET_ADDRESSES = { VOICE_BASE_URL: "voice", CONVERSATION_BASE_URL: "conversation" } as const;

/** Whether every address in a variable is of a form that works, and leads where it should. */
export function judgeAddresses(facts: Facts): Finding[] {
	const { deployments } = facts;
	const faults = [
		...deployments.flatMap((one) => [...vendorAddresses(one, facts), ...contact(one), ...legacyOrigins(one, facts)]),
		...portalUrl(facts),
		...widgetAddresses(facts),
	];
	return unlessFaulty(faults, CHECK, "Every address is of a form that works.");
}

/** A key goes to its vendor alone, so a worker refuses any other host. */
function vendorAddresses(deployment: Deployment, { environment }: Facts): Finding[] {
	return VENDOR_VARIABLES.filter((name) => deployment.variables.has(name)).flatMap((name) => {
		if (vendorUrl(name, variable(deployment, name), environment) !== undefined) return [];
		const own = vendorUrl(name, "", environment) ?? "";
		return [
			fix(
				CHECK,
				`${name} of ${deployment.title} is no https address of the vendor's: its key is not sent there.`,
				setVariable(deployment, name, own),
			),
		];
	});
}

function contact(deployment: Deployment): Finding[] {
	const uri = variable(deployment, "SECURITY_CONTACT");
	const mend = setVariable(deployment, "SECURITY_CONTACT", "mailto:security@koby.ai");
	if (uri === "") return [warn(CHECK, `${deployment.title} tells nobody whom to tell of a weakness.`, mend)];
	if (isContact(uri)) return [];
	return [fix(CHECK, `SECURITY_CONTACT of ${deployment.title} is no mailto:, https: or tel: address.`, mend)];
}

function legacyOrigins(deployment: Deployment, { place }: Facts): Finding[] {
	return items(deployment, "LEGACY_ORIGINS")
		.filter((origin) => !isOrigin(origin, place === "local"))
		.map((origin) =>
			fix(
				CHECK,
				`${origin} in LEGACY_ORIGINS of ${deployment.title} is no exact https origin.`,
				setVariable(deployment, "LEGACY_ORIGINS", "https://www.chadis.com,https://chadis.com"),
			),
		);
}

/** Stripe sends people back there, and the page reads the portal. */
function portalUrl({ deployments, place }: Facts): Finding[] {
	const portal = deploymentOf(deployments, "portal");
	if (portal === undefined || place === "local") return [];
	const url = variable(portal, "PORTAL_URL");
	const origins = items(portal, "PORTAL_ORIGINS");
	const origin = URL.canParse(url) ? new URL(url).origin : "";
	if (origin.startsWith("https://") && origins.includes(origin)) return [];
	return [
		fix(
			CHECK,
			`PORTAL_URL (${url}) is on none of PORTAL_ORIGINS.`,
			setVariable(portal, "PORTAL_URL", origins[0] ?? "https://portal.koby.ai"),
		),
	];
}

function widgetAddresses({ deployments, database, place }: Facts): Finding[] {
	const chat = deploymentOf(deployments, "chat");
	if (chat === undefined) return [];
	const speaks = "value" in database && (database.value.content?.voiceEngines ?? 0) > 0;
	return Object.entries(WIDGET_ADDRESSES).flatMap(([name, of]) => {
		const target = deploymentOf(deployments, of);
		if (!chat.variables.has(name) || target === undefined) return [];
		return judgeWidgetAddress(chat, name, target, { speaks, isLocal: place === "local" });
	});
}

function judgeWidgetAddress(
	chat: Block & Deployment,
	name: string,
	target: Deployment,
	{ speaks, isLocal }: { speaks: boolean; isLocal: boolean },
): Finding[] {
	const address = variable(chat, name);
	const worker = String(target.table["name"]);
	const mend = setVariable(chat, name, `https://${worker}.kobyai.workers.dev/`);
	if (address === "")
		return speaks ? [warn(CHECK, `${name} is empty, while engines speak: the widget finds no ${worker}.`, mend)] : [];
	const url = URL.canParse(address) ? new URL(address) : undefined;
	if (url === undefined || (url.protocol !== "https:" && !isLocal))
		return [fix(CHECK, `${name} of ${chat.title} is no https address.`, mend)];
	const isOnWorkersDev = url.hostname.endsWith(".workers.dev");
	if (isOnWorkersDev && url.hostname.split(".")[0] !== worker)
		return [fix(CHECK, `${name} leads to ${url.hostname}, and not to ${worker}.`, mend)];
	return [];
}
