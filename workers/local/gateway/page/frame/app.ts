import { readOrg } from "../api/org.ts";
import type { Org } from "../api/org.ts";
import { portalApi, roleOf } from "../api/portal.ts";
import { plainWords } from "../api/problem.ts";
import { byId, chosen, el } from "../dom/dom.ts";
import { VIEWS } from "../views/views.ts";
import { fillClients } from "./clients-field.ts";
import { showPane } from "./panes.ts";
import { createSite } from "./site.ts";
import { showSteps } from "./steps.ts";
import type { Context, View } from "./view.ts";

/** The sample customer whose plan is one that can be bought. */
const FIRST_ORG = "org_pannu_dental";

/** The dashboard beside the website: who is signed in, for whom, and which view is shown. */
export function startDashboard(): void {
	const site = createSite();
	const place = byId("view", HTMLElement);
	let orgId = FIRST_ORG;
	let org: Org | undefined;
	let shown = new AbortController();

	const tell = (text: string, isFault = false): void => {
		const notice = byId("notice", HTMLElement);
		if (notice.textContent !== text) notice.textContent = text;
		notice.classList.toggle("fault", isFault);
	};
	const go = (view: string, detail = ""): void => {
		const hash = detail === "" ? `#${view}` : `#${view}/${detail}`;
		if (location.hash === hash) void draw();
		else location.hash = hash;
	};
	const choose = (id: string): void => {
		orgId = id;
		void signIn();
	};

	/** Shows what the address names; what was shown ends. */
	async function draw(): Promise<void> {
		if (org === undefined) return;
		const { view, detail } = viewOf(roleOf(chosen("role")));
		shown.abort();
		shown = new AbortController();
		drawTabs(view);
		view.show(place, contextOf(org, shown.signal), detail);
	}

	function contextOf(current: Org, signal: AbortSignal): Context {
		const role = roleOf(chosen("role"));
		return {
			api: portalApi({ role, orgId }, signal),
			role,
			org: current,
			mayWrite: role !== "member",
			site,
			signal,
			tell,
			attempt: (work) => attempt(work, signal),
			go,
			choose,
			refresh: readAnew,
		};
	}

	async function attempt(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
		try {
			await work();
			if (byId("notice", HTMLElement).classList.contains("fault")) tell("");
		} catch (error) {
			if (!signal.aborted) tell(plainWords(error), true);
		}
	}

	async function readAnew(): Promise<void> {
		const role = roleOf(chosen("role"));
		org = await readOrg(portalApi({ role, orgId }, new AbortController().signal));
		drawOrg(org);
		site.show(org);
	}

	/** After a change of who looks at whom. */
	async function signIn(): Promise<void> {
		const role = roleOf(chosen("role"));
		byId("client-field", HTMLElement).hidden = role !== "staff";
		tell("");
		await attempt(async () => {
			if (role === "staff") await fillClients(portalApi({ role, orgId }, new AbortController().signal), orgId);
			await readAnew();
		}, new AbortController().signal);
		await draw();
	}

	addEventListener("hashchange", () => {
		tell("");
		showPane("dashboard");
		void draw();
	});
	byId("role", HTMLElement).addEventListener("change", () => void signIn());
	byId("client", HTMLSelectElement).addEventListener("change", () => choose(byId("client", HTMLSelectElement).value));
	showSteps((view) => {
		showPane(view === "" ? "site" : "dashboard");
		if (view === "") site.openChat();
		else go(view);
	});
	if (location.pathname === "/billing") {
		showPane("dashboard");
		history.replaceState(null, "", `/${location.search}#billing`);
	}
	void signIn();
}

function viewOf(role: ReturnType<typeof roleOf>): { view: View; detail: string } {
	const [name, detail = ""] = location.hash.slice(1).split("/");
	const allowed = VIEWS.filter(({ roles }) => roles.includes(role));
	const view = allowed.find(({ id }) => id === name) ?? allowed[0];
	if (view === undefined) throw new Error("There is no view.");
	return { view, detail: view.id === name ? detail : "" };
}

function drawTabs(current: View): void {
	const role = roleOf(chosen("role"));
	const links = VIEWS.filter(({ roles }) => roles.includes(role)).map(({ id, title }) => {
		const link = el("a", { href: `#${id}` }, title);
		if (id === current.id) link.setAttribute("aria-current", "page");
		return link;
	});
	const tabs = byId("tabs", HTMLElement);
	const isFocused = tabs.contains(document.activeElement);
	tabs.replaceChildren(...links);
	const active = tabs.querySelector<HTMLElement>("[aria-current]");
	if (isFocused) active?.focus();
	active?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function drawOrg({ name, plan, status }: Org): void {
	byId("org-name", HTMLElement).textContent = name;
	const tag = byId("org-plan", HTMLElement);
	tag.textContent = status === "active" ? `${plan} plan` : `${plan} plan, ${status.replace("_", " ")}`;
	tag.hidden = false;
}
