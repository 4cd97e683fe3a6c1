import type { KobyEvents } from "../loader/widget.d.ts";

/** Tells the page; a listener of its own that throws is no fault of ours and stops nothing. */
export function emit<Name extends keyof KobyEvents>(name: Name, detail: KobyEvents[Name]): void {
	dispatchEvent(new CustomEvent(name, { detail }));
}
