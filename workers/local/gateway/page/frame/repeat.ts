import type { Context } from "./view.ts";

const PAUSE_MS = 2000;

/**
 * Does something now and every two seconds, as long as the view is there and somebody can see it. What fails is said, and tried
 * again.
 * @param place where the result is shown
 * @returns does it at once
 */
export function repeat(place: HTMLElement, { signal, attempt }: Context, work: () => Promise<void>): () => void {
	let wake = (): void => undefined;
	const pause = async (): Promise<void> => {
		let timer: ReturnType<typeof setTimeout> | undefined;
		await new Promise<void>((resolve) => {
			wake = resolve;
			timer = setTimeout(resolve, PAUSE_MS);
		});
		clearTimeout(timer);
	};
	const run = async (): Promise<void> => {
		while (!signal.aborted) {
			if (document.visibilityState === "visible" && place.checkVisibility()) await attempt(work);
			await pause();
		}
	};
	signal.addEventListener("abort", () => wake(), { once: true });
	void run();
	return () => wake();
}
