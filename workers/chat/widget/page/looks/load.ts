import type { Config } from "../api/shapes.ts";

/** What needs no file of its own; place and colour are the launcher's. */
const PLAIN = { theme: "auto", launcher_icon: "chat", launcher_text: null, logo_url: null, radius: 16 };

/** What a customer has chosen of looks comes in a file of its own. @returns null = nothing was chosen, nor does the page name a theme */
export function loadLooks({ looks }: Config): Promise<typeof import("./looks.ts") | null> {
	const isPlain =
		Object.entries(PLAIN).every(([name, value]) => (looks[name] ?? value) === value) &&
		document.querySelector("[data-theme]") === null;
	// Without it the chat looks as it does anywhere.
	return isPlain ? Promise.resolve(null) : import("./looks.ts").catch(() => null);
}
