import type { VendorName } from "./vendors.ts";

/** What the commands depend on. */
export interface LocalSetup {
	/** Where the gateway answers, such as http://localhost:8787 */
	origin: string;
	standIns: readonly VendorName[];
	/** Flags that make wrangler use this run's database. */
	databaseFlags: string;
}

/** A command that works by copy and paste in a POSIX shell. */
export interface Example {
	title: string;
	command: string;
}

/** Quiet, and the prompt comes on a line of its own. */
const CURL = "curl -sw '\\n'";
const SITE_KEY = "-H 'X-Site-Key: sk_chadis_live_abc123'";
const JSON_BODY = "-H 'Content-Type: application/json'";
const BEARER = '-H "Authorization: Bearer $TOKEN"';
const ROLES = { admin: "?role=admin&org=org_chadis", staff: "?role=staff" };

/** The commands for this run, in an order in which each finds what it needs. */
export function examples(setup: LocalSetup): Example[] {
	return [...portal(setup), ...chat(setup), ...voice(setup), ...stripe(setup), database(setup)];
}

function portal({ origin, standIns }: LocalSetup): Example[] {
	const token = (role: keyof typeof ROLES): string =>
		standIns.includes("Clerk")
			? `TOKEN=$(curl -s '${origin}/local/token${ROLES[role]}')`
			: "TOKEN='a session token of your Clerk instance'";
	const pages = "overview engines workflows insights team config";
	return [
		{ title: "A session token of CHADIS' admin", command: token("admin") },
		{
			title: "The dashboard's pages",
			command: `for page in ${pages}; do ${CURL} ${BEARER} ${origin}/portal/$page; done`,
		},
		{
			title: "Change the configuration",
			command: `${CURL} -X PATCH ${BEARER} ${JSON_BODY} -d '{"greeting":"Hello from the portal!"}' ${origin}/portal/config`,
		},
		{
			title: "What a visitor's question would find, behind what was said before",
			command: `${CURL} ${BEARER} ${JSON_BODY} -d '{"question":"How long does that take?","earlier":["Are there questionnaires in Spanish?"]}' ${origin}/portal/knowledge/test`,
		},
		{
			title: "Golden questions: last night's run",
			command: `${CURL} ${BEARER} ${origin}/portal/golden-questions/runs`,
		},
		{ title: "Staff see every customer", command: `${token("staff")}\n${CURL} ${BEARER} ${origin}/portal/clients` },
	];
}

function chat({ origin }: LocalSetup): Example[] {
	const asking = (message: string): string => `-d '{"message":"${message}","visitor_id":"visitor-1"}'`;
	const question = asking("What is CHADIS?");
	const open = asking("Does it work with our health record system?");
	return [
		{ title: "Chat with a site key", command: `${CURL} ${origin}/chat ${JSON_BODY} ${SITE_KEY} ${question}` },
		{
			title: "A question that the customer has not answered yet",
			command: `${CURL} ${origin}/chat ${JSON_BODY} ${SITE_KEY} ${open}`,
		},
		{
			title: "Chat without one (legacy)",
			command: `${CURL} ${origin}/chat ${JSON_BODY} -d '{"message":"What is CHADIS?"}'`,
		},
		{
			title: "Chat streamed",
			command: `curl -sN ${origin}/chat ${JSON_BODY} ${SITE_KEY} -H 'Accept: text/event-stream' ${question}`,
		},
	];
}

function voice({ origin }: LocalSetup): Example[] {
	const text = `-d '{"text":"Hello, and welcome to CHADIS."}'`;
	return [
		{ title: "Voice into a file", command: `${CURL} ${origin}/voice ${JSON_BODY} ${SITE_KEY} ${text} -o hello.mp3` },
		{
			title: "A conversation session",
			command: `${CURL} -X POST ${origin}/conversation/session ${JSON_BODY} ${SITE_KEY} -d '{}'`,
		},
	];
}

function stripe({ origin, standIns }: LocalSetup): Example[] {
	if (!standIns.includes("Stripe")) return [];
	return [
		{
			title: "A signed Stripe event",
			command: `${CURL} -X POST '${origin}/local/stripe-event?org=org_pannu_dental&status=active'`,
		},
	];
}

function database({ databaseFlags }: LocalSetup): Example {
	const sql = "SELECT * FROM chat_sessions ORDER BY started_at DESC LIMIT 10;";
	return {
		title: "The database (in this folder)",
		command: `npx wrangler d1 execute koby-portal-db ${databaseFlags} --command "${sql}"`,
	};
}
