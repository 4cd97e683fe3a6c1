/** The worker under measure, as its bundle. */
declare module "koby-worker" {
	const worker: {
		fetch(request: Request, env: object, ctx: ExecutionContext): Promise<Response>;
		scheduled?(controller: ScheduledController, env: object, ctx: ExecutionContext): Promise<void>;
	};
	export default worker;
}

/** What the recording pass found, written as a module. */
declare module "koby-recording" {
	const recording: import("../recording.ts").Recording;
	export default recording;
}

/** What the probes of a traced bundle fill. */
declare var enteredFunctions: number[] | undefined;
