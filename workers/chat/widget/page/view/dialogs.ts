import type { Stand } from "../../loader/handover.ts";

/** A modal dialog of the page makes all that is outside of it unusable, so the chat moves into it for as long as it is open. */
export function followDialogs(stand: Stand): void {
	const { host, root, signal } = stand;
	/** The one that was opened last. */
	let opened: Element | null = null;
	stand.parent = () => modalOf(opened) ?? document.documentElement;
	const follow = ({ target }: Event): void => {
		if (!(target instanceof HTMLDialogElement)) return;
		opened = target;
		stand.place();
	};
	document.addEventListener("toggle", follow, { capture: true, signal });
	// A dialog that is closed by a press outside of it would take one in here for such a press.
	root.addEventListener("click", (event) => {
		if (host.parentElement instanceof HTMLDialogElement) event.stopPropagation();
	});
	stand.place();
}

/** The modal dialog on top. */
function modalOf(opened: Element | null): Element | undefined {
	const modals = [...document.querySelectorAll("dialog[open]")].filter((dialog) => dialog.matches(":modal"));
	return modals.find((modal) => modal === opened) ?? modals.at(-1);
}
