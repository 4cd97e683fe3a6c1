import { emit } from "../page/events.ts";
import { fieldsOf } from "../page/api/read.ts";
import type { Handover, Panel, PanelModule } from "./handover.ts";

// The build writes the name of the panel's file here.
declare const PANEL_FILE: string;

/** How long an idle moment is waited for before it is taken for one, ms. */
const IDLE_MS = 4000;

/** The chat, which is fetched when it is needed: what is asked of it before is done when it has come. */
export type ComingPanel = Omit<Panel, "isOpen">;

/**
 * It is fetched when the page is idle, and put on its stand when a visitor comes near it: that blocks the page for longer than a task may.
 * @param given what it is to be given; `config` is null where the site does not answer this page
 */
export function panelOf({ config, ...given }: Omit<Handover, "config"> & { config: Promise<unknown> }): ComingPanel {
	const { launcher, host, signal } = given.stand;
	let panel: Panel | null = null;
	let module: Promise<PanelModule> | null = null;
	let isComing = false;
	let tries = 0;
	let isWanted = false;
	const asked: ((panel: Panel) => void)[] = [];

	// As a module, since that is loaded under any policy that lets this script run, also one of Trusted Types alone. An address that has
	// failed once fails for good.
	const fetched = (): Promise<PanelModule> => {
		const file = `${given.base}widget/${PANEL_FILE}${tries === 0 ? "" : `?${tries}`}`;
		module ??= import(/* webpackIgnore: true */ /* @vite-ignore */ file).catch((thrown) => {
			module = null;
			tries++;
			throw thrown;
		});
		return module;
	};
	async function come(): Promise<void> {
		try {
			const [{ start }, body] = await Promise.all([fetched(), config]);
			if (body === null || signal.aborted) return;
			panel = await start({ ...given, config: body });
			for (const action of asked) action(panel);
			if (isWanted) panel.open();
		} catch (thrown) {
			isComing = false;
			isWanted = false;
			console.error("[koby] The chat could not be loaded.", thrown);
			emit("koby:error", { code: "unreachable" });
		} finally {
			launcher.removeAttribute("aria-busy");
		}
	}
	const load = (): void => {
		if (isComing) return;
		isComing = true;
		void come();
	};
	const prepare = async (): Promise<void> => {
		const body = await config;
		if (body === null || !host.isConnected) return;
		// Where it cannot be had, the visitor who wants it will see to it.
		const wasOpen = await fetched().then(
			({ prepare: ready }) => ready?.({ ...given, config: body }),
			() => false,
		);
		if (wasOpen === true || document.querySelector("dialog[open]") !== null) load();
	};
	const want = (isOpen: boolean): void => {
		isWanted = isOpen;
		panel?.[isOpen ? "open" : "close"]();
		if (panel !== null) return;
		launcher.setAttribute("aria-busy", String(isOpen));
		if (isOpen) load();
	};
	const when = (action: (panel: Panel) => void): void => {
		if (panel !== null) action(panel);
		else asked.push(action);
	};

	for (const type of ["pointerenter", "focus"]) launcher.addEventListener(type, load, { once: true });
	// Only the chat itself knows how to come to a modal dialog.
	document.addEventListener("toggle", ({ target }) => target instanceof HTMLDialogElement && load(), {
		capture: true,
		signal,
	});
	launcher.addEventListener("click", () => want(!(panel?.isOpen() ?? isWanted)));
	void config.then(() => whenIdle(() => void prepare()));
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
	loaded(wait);
}

/** Once the page has loaded. */
export function loaded(action: () => unknown): void {
	if (document.readyState === "complete") action();
	else addEventListener("load", action, { once: true });
}
