/** The bundle of the worker on trial, as it is deployed. */
declare module "koby-worker" {
	const worker: {
		fetch(request: Request, env: object, ctx: ExecutionContext): Promise<Response>;
		scheduled?(controller: ScheduledController, env: object, ctx: ExecutionContext): Promise<void>;
	};
	export default worker;
}
