/** What is known of every request. */
export interface RequestContext {
	requestId: string;
	/** When it came, ms. */
	startedAt: number;
	clock: () => number;
	/** `ctx.waitUntil` */
	waitUntil: (work: Promise<unknown>) => void;
}
