import { emit } from "../page/events.ts";
import { fieldsOf } from "../page/api/read.ts";
import type { Handover, Panel, PanelModule } from "./handover.ts";

// The build writes the name of the panel's file here.
declare const PANEL_FILE: string;

/** How long an idle moment is waited for before it is taken for one, ms. */
const IDLE_MS = 4000;

/** The chat, which is fetched when it is needed: what is asked of it before is done when it has come. */
export type ComingPanel = Omit<Panel, "isOpen">;

/** @param given what it is to be given; `config` is null where the site does not answer this page */
export function panelOf({ config, ...given }: Omit<Handover, "config"> & { config: Promise<unknown> }): ComingPanel {
	const { launcher, host, signal } = given.stand;
	let panel: Panel | null = null;
	let coming: Promise<void> | null = null;
	let tries = 0;
	let isWanted = false;
	const asked: ((panel: Panel) => void)[] = [];

	async function come(): Promise<void> {
		try {
			// As a module, since that is loaded under any policy that lets this script run, also one of Trusted Types alone. An address
			// that has failed once fails for good.
			const file = `${given.base}widget/${PANEL_FILE}${tries++ === 0 ? "" : `?${tries}`}`;
			const module: PanelModule = await import(/* webpackIgnore: true */ /* @vite-ignore */ file);
			const body = await config;
			if (body === null || signal.aborted) return;
			panel = await module.start({ ...given, config: body });
			for (const action of asked) action(panel);
			if (isWanted) panel.open();
		} catch (thrown) {
			coming = null;
			if (!isWanted) return;
			isWanted = false;
			console.error("[koby] The chat could not be loaded.", thrown);
			emit("koby:error", { code: "unreachable" });
		} finally {
			launcher.removeAttribute("aria-busy");
		}
	}
	const load = (): void => {
		coming ??= come();
	};
	const want = (isOpen: boolean): void => {
		isWanted = isOpen;
		if (panel !== null) return isOpen ? panel.open() : panel.close();
		launcher.setAttribute("aria-busy", String(isOpen));
		if (isOpen) load();
	};
	const when = (action: (panel: Panel) => void): void => {
		if (panel !== null) action(panel);
		else asked.push(action);
	};

	for (const type of ["pointerenter", "focus"]) launcher.addEventListener(type, load, { once: true });
	launcher.addEventListener("click", () => want(!(panel?.isOpen() ?? isWanted)));
	void config.then((body) => {
		if (body !== null) whenIdle(() => host.isConnected && load());
	});
	return {
		open: () => want(true),
		close: () => want(false),
		reset() {
			when((there) => there.reset());
			load();
		},
		identify: (identity) => when((there) => there.identify(identity)),
	};
}

/** Once the page has loaded and has nothing else to do; never where its visitor wants to save data. */
function whenIdle(action: () => void): void {
	if (fieldsOf(Reflect.get(navigator, "connection")).saveData === true) return;
	const wait = (): unknown =>
		typeof requestIdleCallback === "function"
			? requestIdleCallback(action, { timeout: IDLE_MS })
			: setTimeout(action, IDLE_MS / 4);
	if (document.readyState === "complete") wait();
	else addEventListener("load", wait, { once: true });
}
