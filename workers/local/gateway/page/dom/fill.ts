/** Puts other content into a place; the keyboard stays where the same `data-key` stands again. */
export function fill(place: HTMLElement, ...nodes: (Node | string)[]): void {
	const active = document.activeElement;
	const key = active instanceof HTMLElement && place.contains(active) ? active.dataset.key : undefined;
	place.replaceChildren(...nodes);
	if (key === undefined) return;
	for (const element of place.querySelectorAll<HTMLElement>("[data-key]"))
		if (element.dataset.key === key) element.focus({ preventScroll: true });
}

/** Draws only what is not drawn already: what is asked for every two seconds mostly says the same. */
export function whenChanged<Value>(draw: (value: Value) => void): (value: Value) => void {
	let last: string | undefined;
	return (value) => {
		const now = JSON.stringify(value);
		if (now === last) return;
		last = now;
		draw(value);
	};
}
