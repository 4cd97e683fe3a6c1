import { describe, expect, it } from "vitest";
import { stem } from "../stemmer.ts";

/** Words and the stems that the Snowball project's own stemmer (release 3.1) gives them: something for every rule. */
const STEMS = `
	skis:ski skies:sky sky:sky dying:die lying:lie tying:tie idly:idl gently:gentl ugly:ugli early:earli only:onli singly:singl
	news:news howe:howe atlas:atlas cosmos:cosmos bias:bias andes:andes inning:inning innings:inning outing:outing canning:canning
	herring:herring earring:earring proceed:proceed proceeds:proceed exceed:exceed exceeded:exceed succeed:succeed caresses:caress
	ties:tie ied:ie cries:cri dies:die gas:gas this:this gaps:gap kiwis:kiwi gus:gus abyss:abyss posses:poss feed:feed agreed:agre
	agreedly:agre exceedingly:exceed bleed:bleed plastered:plaster motoring:motor sing:sing bring:bring hopped:hop hoping:hope
	hoped:hope falling:fall hissing:hiss fizzed:fizz failing:fail filing:file luxuriated:luxuri troubled:troubl sized:size
	conflated:conflat cry:cri by:by say:say enjoy:enjoy boy:boy dyed:dy yellow:yellow youth:youth toying:toy relational:relat
	conditional:condit rational:ration valency:valenc hesitancy:hesit conformably:conform digitizer:digit vietnamization:vietnam
	predication:predic operator:oper feudalism:feudal formally:formal decisiveness:decis hopefulness:hope callously:callous
	callousness:callous sensitivity:sensit sensibility:sensibl possibly:possibl analogy:analog geologist:geolog fully:fulli
	carelessly:careless vilely:vile finely:fine happily:happili nationality:nation rationalize:ration triplicate:triplic
	electricity:electr electrical:electr hopeful:hope goodness:good formative:format alternative:altern derivative:deriv revival:reviv
	allowance:allow inference:infer airliner:airlin gyroscopic:gyroscop adjustable:adjust defensible:defens irritant:irrit
	replacement:replac adjustment:adjust dependent:depend adoption:adopt decision:decis communion:communion activate:activ
	homologous:homolog effective:effect bowdlerize:bowdler probate:probat rate:rate cease:ceas controlling:control roll:roll hill:hill
	excellence:excel general:general generate:generat generically:generic communicate:communic communism:communism arsenal:arsenal
	emergency:emergenc organize:organiz interest:interest lateral:lateral university:universiti past:past paste:paste pasted:paste
	added:add egg:egg egging:egg adding:add erring:err bed:bed bedding:bed shed:shed hop:hop bead:bead trap:trap uproot:uproot
	shedding:shed booking:book booked:book books:book appointment:appoint appointments:appoint hours:hour cleaning:clean cleaned:clean
	payment:payment payments:payment insurance:insur insured:insur allergies:allergi allergy:allergi medicine:medicin medical:medic
	cancellation:cancel cancelled:cancel cancelling:cancel canceled:cancel questionnaires:questionnair registration:registr
	registered:regist register:regist privacy:privaci private:privat
`
	.trim()
	.split(/\s+/)
	.map((pair) => pair.split(":"));

describe("stem", () => {
	it("cuts words as the Snowball project's own stemmer does", () => {
		expect(STEMS.map(([word = ""]) => [word, stem(word)])).toEqual(STEMS);
	});

	it.each(["by", "24", "covid19", "straße", "何時", ""])("leaves %j as it is", (word) => {
		expect(stem(word)).toBe(word);
	});
});
