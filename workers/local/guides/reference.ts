import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../root.ts";
import { REFERENCE_PAGE, generated } from "./generated.ts";

// `npm run reference`: writes the generated parts of the reference anew.
const path = join(ROOT, REFERENCE_PAGE);
writeFileSync(path, await generated(readFileSync(path, "utf8")));
console.log(`Wrote ${REFERENCE_PAGE}`);
