import type { Stand } from "../../loader/handover.ts";
import type { LeadFields } from "../api/api.ts";
import type { Config } from "../api/shapes.ts";
import type { Lead } from "../lead/form.ts";
import { counted } from "../languages/counted.ts";
import * as WORDS from "../words.ts";
import { createBanner } from "./banner.ts";
import type { Banner } from "./banner.ts";
import { MAX_CHARS, createComposer } from "./composer.ts";
import type { Composer } from "./composer.ts";
import { OWN_WORDS } from "./dom.ts";
import { createDisclosure } from "./disclosure.ts";
import { mount } from "./frame.ts";
import type { Frame } from "./frame.ts";
import { createLive } from "./live.ts";
import type { Live } from "./live.ts";
import { createLog } from "./log.ts";
import type { Log } from "./log.ts";
import { createNotice } from "./notice.ts";
import type { Notice } from "./notice.ts";
import { createPanel } from "./panel.ts";
import type { Panel } from "./panel.ts";
import { createStarters } from "./starters.ts";

/** What a visitor can bring about. */
export interface Actions {
	send(text: string): void;
	/** Gives up what is being answered; what was read of it stays. */
	stop(): void;
	/** One of the questions to begin with; while another one is being answered, too. */
	choose(question: string): void;
	saveLead(fields: LeadFields): Promise<void>;
	reset(): void;
	agree(): void;
	opened(): void;
}

type MakeLead = (save: Actions["saveLead"], onClosed: (words: string) => void) => Lead;

/** All that is shown of the chat. */
export interface View {
	log: Log;
	live: Live;
	notice: Notice;
	banner: Banner;
	composer: Composer;
	lead: Lead;
	panel: Panel;
	frame: Frame;
	/** Shows the questions to begin with, where there are any, or hides them. */
	suggest(isShown: boolean): void;
	/** Tells what visitors are told. @param isMissing they have to agree before they can write */
	disclose(config: Config, isMissing: boolean): void;
	/** Where one goes on: the button to agree, or the input. */
	focus(): void;
	/** A message is being answered, or looked for. */
	setBusy(isBusy: boolean): void;
	/** The log of a conversation that has not begun. */
	greet(): void;
}

/** Puts the parts together and on the page. @param makeLead as lead/form.ts, with its kit */
export function createView(config: Config, stand: Stand, makeLead: MakeLead, actions: Actions): View {
	const log = createLog();
	const live = createLive();
	const notice = createNotice();
	const banner = createBanner();
	const starters = createStarters(config.suggestedQuestions, (question) => {
		composer.focus();
		actions.choose(question);
	});
	const composer = createComposer(actions.send, actions.stop, () =>
		notice.say(counted(WORDS.tooLong, MAX_CHARS, OWN_WORDS.lang)),
	);
	const disclosure = createDisclosure(actions.agree);
	const lead = makeLead(actions.saveLead, (words) => {
		notice.say(words);
		composer.focus();
	});
	const parts = {
		banner: banner.element,
		conversation: [log.element, live.element, starters, lead.element],
		notice: notice.element,
		disclosure: disclosure.element,
		composer: composer.element,
	};
	const panel = createPanel(config, parts, talk, actions.reset, () => frame.close());
	/** A visitor asks for a person. */
	function talk(): void {
		suggest(false);
		lead.open();
		panel.follow(lead.element, true);
	}
	const suggest = (isShown: boolean): void => {
		starters.hidden = !isShown || config.suggestedQuestions.length === 0;
	};
	const greet = (): void => {
		log.clear();
		if (config.greeting !== "") log.addBot(config.greeting, [], null);
		suggest(true);
		panel.follow(log.element, true);
	};
	let isAsking = false;
	const disclose = (shown: Config, isMissing: boolean): void => {
		isAsking = isMissing;
		disclosure.show(shown, isMissing);
		composer.setOpen(!isMissing);
		starters.inert = isMissing;
	};
	const focus = (): void => (isAsking ? disclosure : composer).focus();
	const setBusy = (isBusy: boolean): void => {
		composer.setBusy(isBusy);
		log.setBusy(isBusy);
	};
	greet();
	const frame = mount(config, stand, panel.element, (isAsked) => {
		actions.opened();
		if (isAsked) focus();
		// What has not begun is read from its beginning, also where the questions below it have no room.
		panel.follow(log.element.childElementCount > 1 ? null : log.element, true);
	});
	return { log, live, notice, banner, composer, lead, panel, frame, suggest, disclose, focus, setBusy, greet };
}
