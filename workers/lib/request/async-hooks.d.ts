/** What the platform gives of Node's module by the flag `nodejs_als` (developers.cloudflare.com/workers/runtime-apis/nodejs/asynclocalstorage). */
declare module "node:async_hooks" {
	export class AsyncLocalStorage<T> {
		run<R>(store: T, work: () => R): R;
		getStore(): T | undefined;
	}
}
