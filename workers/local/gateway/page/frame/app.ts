import { readOrg } from "../api/org.ts";
import type { Org } from "../api/org.ts";
import { portalApi } from "../api/portal.ts";
import type { Api } from "../api/portal.ts";
import { plainWords } from "../api/problem.ts";
import { byId } from "../dom/dom.ts";
import { fillClients } from "./clients-field.ts";
import { drawOrg, drawTabs, isFaultTold, namedView, signedIn, tell } from "./frame.ts";
import { showPane } from "./panes.ts";
import { createSite } from "./site.ts";
import type { Site } from "./site.ts";
import { showSteps } from "./steps.ts";

/** The sample customer whose plan is one that can be bought. */
const FIRST_ORG = "org_pannu_dental";

/** What the dashboard shows: whose, and what ends when it shows something else. */
interface Shown {
	orgId: string;
	/** Not known before it was read. */
	org: Org | undefined;
	view: AbortController;
	site: Site;
	/** What is to be said above the view that comes next. */
	said: string;
}

/** The dashboard beside the website: who is signed in, for whom, and which view is shown. */
export function startDashboard(): void {
	const shown: Shown = { orgId: FIRST_ORG, org: undefined, view: new AbortController(), site: createSite(), said: "" };
	addEventListener("hashchange", () => {
		// The address of the skip link names no view.
		if (!location.hash.startsWith("#/")) return;
		tell(shown.said);
		shown.said = "";
		showPane("dashboard");
		draw(shown);
	});
	byId("role", HTMLElement).addEventListener("change", () => void signIn(shown));
	const client = byId("client", HTMLSelectElement);
	client.addEventListener("change", () => choose(shown, client.value));
	showSteps((view) => {
		showPane(view === "" ? "site" : "dashboard", true);
		if (view === "") shown.site.openChat();
		else go(shown, view);
	});
	if (location.pathname === "/billing") {
		showPane("dashboard");
		history.replaceState(null, "", `/${location.search}#/billing`);
	}
	void signIn(shown);
}

function apiOf({ orgId }: Shown, signal: AbortSignal): Api {
	return portalApi({ role: signedIn(), orgId }, signal);
}

function choose(shown: Shown, orgId: string): void {
	shown.orgId = orgId;
	void signIn(shown);
}

/** After a change of who looks at whom. What of it is overtaken by the next change says nothing any more. */
async function signIn(shown: Shown): Promise<void> {
	shown.view.abort();
	shown.view = new AbortController();
	const { signal } = shown.view;
	const isStaff = signedIn() === "staff";
	byId("client-field", HTMLElement).hidden = !isStaff;
	tell("");
	await attempt(async () => {
		if (isStaff) await fillClients(apiOf(shown, signal), shown.orgId);
		await readAnew(shown, signal);
	}, signal);
	if (!signal.aborted) draw(shown);
}

async function readAnew(shown: Shown, signal: AbortSignal): Promise<void> {
	const org = await readOrg(apiOf(shown, signal));
	if (signal.aborted) return;
	shown.org = org;
	drawOrg(org);
	shown.site.show(org);
}

/** Shows what the address names; what was shown ends. */
function draw(shown: Shown): void {
	const { org, site } = shown;
	if (org === undefined) return;
	shown.view.abort();
	shown.view = new AbortController();
	const { signal } = shown.view;
	const role = signedIn();
	const { view, detail } = namedView();
	drawTabs(view);
	view.show(
		byId("view", HTMLElement),
		{
			api: apiOf(shown, signal),
			role,
			org,
			mayWrite: role !== "member",
			site,
			signal,
			tell,
			attempt: (work) => attempt(work, signal),
			go: (name, more, said) => go(shown, name, more, said),
			choose: (orgId) => choose(shown, orgId),
			refresh: () => readAnew(shown, signal),
		},
		detail,
	);
}

async function attempt(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
	try {
		await work();
		if (isFaultTold()) tell("");
	} catch (error) {
		if (!signal.aborted) tell(plainWords(error), true);
	}
}

function go(shown: Shown, view: string, detail = "", said = ""): void {
	const hash = detail === "" ? `#/${view}` : `#/${view}/${detail}`;
	if (location.hash === hash) {
		tell(said);
		draw(shown);
		return;
	}
	// The view comes with an event of its own.
	shown.said = said;
	location.hash = hash;
}
