import { refusal } from "../../test/portal.ts";

/** A conversation of the first twin. */
export const PATH = "/portal/conversations/session-alpha-5";
/** What every conversation that cannot be had is answered with. */
export const NOT_FOUND = refusal("not_found", "There is nothing at this path; check its spelling, and the id in it.");
/** Another's, nobody's, and what is no id at all. */
export const OTHERS = [
	"session-omega-5",
	"session-alpha-9",
	"SESSION-ALPHA-5",
	"session-alpha-5%00",
	"a".repeat(65),
	"x/y",
	"%27%20OR%201=1",
	"",
];
