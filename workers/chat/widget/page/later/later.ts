import type { Kit } from "./kit.ts";
import { createLead } from "../lead/form.ts";
import { createPast } from "../talk/past.ts";
import { createAnew } from "../talk/anew.ts";
import { showFailed } from "../talk/failed.ts";
import { fetchAnswer } from "../talk/fetched.ts";
import { createTabs } from "../talk/tabs.ts";
import { followDialogs } from "../view/dialogs.ts";

// What a first answer does without. It is fetched beside the words, as the panel is full, and is there before the chat is: what it
// says of a network that is gone could not be fetched then. A file of its own shares no code with the panel: it is handed what it needs.

type WithoutKit<Made> = Made extends (kit: Kit, ...given: infer Given) => infer Result
	? (...given: Given) => Result
	: never;

export interface Later {
	createLead: WithoutKit<typeof createLead>;
	showFailed: WithoutKit<typeof showFailed>;
	createAnew: WithoutKit<typeof createAnew>;
	fetchAnswer: WithoutKit<typeof fetchAnswer>;
	createPast: typeof createPast;
	createTabs: typeof createTabs;
	followDialogs: typeof followDialogs;
}

export function createLater(kit: Kit): Later {
	return {
		createLead: (...given) => createLead(kit, ...given),
		showFailed: (...given) => showFailed(kit, ...given),
		createAnew: (...given) => createAnew(kit, ...given),
		fetchAnswer: (...given) => fetchAnswer(kit, ...given),
		createPast,
		createTabs,
		followDialogs,
	};
}
