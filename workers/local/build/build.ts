import { buildWidget } from "./build-widget.ts";
import { buildSlimStripe } from "./slim-stripe.ts";

// What the tomls' [build] runs before a worker is bundled: `build.ts widget` or `build.ts stripe`.
const BUILDS: Readonly<Record<string, () => Promise<unknown>>> = { widget: buildWidget, stripe: buildSlimStripe };

const [, , name = ""] = process.argv;
const build = Object.hasOwn(BUILDS, name) ? BUILDS[name] : undefined;
if (build === undefined)
	throw new Error(`Use: node workers/local/launch.mjs workers/local/build/build.ts ${Object.keys(BUILDS).join("|")}`);
await build();
