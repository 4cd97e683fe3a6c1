import type { View } from "../frame/view.ts";
import { activity } from "./activity.ts";
import { billing } from "./billing.ts";
import { clients } from "./clients.ts";
import { conversations } from "./conversations.ts";
import { knowledge } from "./knowledge.ts";
import { leads } from "./leads.ts";
import { look } from "./look.ts";
import { numbers } from "./numbers.ts";
import { questions } from "./questions.ts";
import { voice } from "./voice.ts";
import { website } from "./website.ts";

/** In the order of the tabs. */
export const VIEWS: readonly View[] = [
	conversations,
	questions,
	knowledge,
	leads,
	look,
	voice,
	numbers,
	billing,
	website,
	activity,
	clients,
];
