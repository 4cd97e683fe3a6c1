import type { Dice } from "../parts/random.ts";
import { monitor, sendBad } from "./careless.ts";
import { call, hangUp, hear, hearAgain, hearAndLeave, hearLegacy } from "./listeners.ts";
import { configure, exportAll, pay, read, readAsAdmin, readAsStaff, readOne, writeKnowledge } from "./owners.ts";
import { changeSubscription, forgeEvent } from "./stripe.ts";
import {
	askAndLeave,
	askCommon,
	askLegacy,
	askStreamed,
	askWhole,
	endSession,
	followUp,
	leaveAddress,
	openPage,
	rate,
	readSession,
} from "./visitors.ts";
import type { World } from "./world.ts";

type Deed = (world: World) => Promise<unknown>;

/** What is done, and of a hundred deeds how many. */
const DEEDS: readonly [share: number, deed: Deed][] = [
	[12, askWhole],
	[10, askStreamed],
	[4, askAndLeave],
	[14, followUp],
	[5, askCommon],
	[2, askLegacy],
	[5, readSession],
	[1, endSession],
	[5, rate],
	[2, leaveAddress],
	[2, openPage],
	[5, hear],
	[2, hearAndLeave],
	[4, hearAgain],
	[1, hearLegacy],
	[2, call],
	[2, hangUp],
	[6, read],
	[2, readAsAdmin],
	[2, readOne],
	[1, readAsStaff],
	[1, exportAll],
	[1, configure],
	[2, writeKnowledge],
	[1, pay],
	[1, changeSubscription],
	[0.5, forgeEvent],
	[4, sendBad],
	[0.5, monitor],
];
const TOTAL = DEEDS.reduce((sum, [share]) => sum + share, 0);

/** What a client does next. */
export function chooseDeed(dice: Dice): Deed {
	let left = dice.next() * TOTAL;
	for (const [share, deed] of DEEDS) {
		if (left < share) return deed;
		left -= share;
	}
	return askWhole;
}
