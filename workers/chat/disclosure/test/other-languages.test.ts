import { describe, expect, it } from "vitest";
import { LANGUAGES } from "../../../lib/languages/languages.ts";
import { ruleFor } from "../rule.ts";

const PRACTICE = { name: "Praxis Lee", contact: "030 123" };
const answerTo = (message: string): string => ruleFor(message)?.text(PRACTICE) ?? "";

/** How an answer begins: to who asks for a person, for a machine, for either; and to a child. */
const ANSWERS = {
	fr: ["Non. Vous écrivez", "Oui. Vous écrivez", "Vous écrivez", "Merci de me l’avoir dit."],
	de: ["Nein. Sie schreiben", "Ja. Sie schreiben", "Sie schreiben", "Danke, dass du"],
	pt: ["Não. Você está", "Sim. Você está", "Você está", "Obrigado por me contar."],
	it: ["No. Sta scrivendo", "Sì. Sta scrivendo", "Sta scrivendo", "Grazie per avermelo detto."],
	nl: ["Nee. U schrijft", "Ja. U schrijft", "U schrijft", "Dank je dat"],
	pl: ["Nie. To asystent", "Tak. To asystent", "To asystent", "Dziękuję, że mi"],
	zh: ["不是。您正在", "是的。您正在", "您正在", "谢谢你告诉我。"],
	ar: ["لا. أنت تكتب", "نعم. أنت تكتب", "أنت تكتب", "شكرًا لأنك"],
} as const;
const [PERSON, MACHINE, EITHER, CHILD] = [0, 1, 2, 3] as const;

const ASKED: [keyof typeof ANSWERS, 0 | 1 | 2 | 3, string][] = [
	["fr", PERSON, "Êtes-vous un humain ?"],
	["fr", PERSON, "Est-ce que je parle à une vraie personne ?"],
	["fr", MACHINE, "Bonjour, vous êtes un robot ?"],
	["fr", EITHER, "Tu es un humain ou un robot ?"],
	["fr", CHILD, "J’ai 9 ans et j’ai mal"],
	["de", PERSON, "Bist du ein echter Mensch?"],
	["de", PERSON, "Hallo! Rede ich hier mit einem Menschen?"],
	["de", MACHINE, "Sind Sie eine KI?"],
	["de", EITHER, "Bist du ein Mensch oder ein Bot?"],
	["de", CHILD, "Ich bin 12 Jahre alt."],
	["pt", PERSON, "Você é uma pessoa real?"],
	["pt", MACHINE, "Estou falando com um robô?"],
	["pt", EITHER, "Você é humano ou robô?"],
	["pt", CHILD, "Oi, eu tenho 10 anos e quero ajuda"],
	["it", PERSON, "Sto parlando con una persona vera?"],
	["it", MACHINE, "Sei un'intelligenza artificiale?"],
	["it", EITHER, "Sei una persona o un bot?"],
	["it", CHILD, "Ho 11 anni"],
	["nl", PERSON, "Ben je een echt mens?"],
	["nl", MACHINE, "Praat ik met een robot?"],
	["nl", EITHER, "Bent u een mens of een robot?"],
	["nl", CHILD, "Ik ben 8 jaar oud"],
	["pl", PERSON, "Czy jesteś człowiekiem?"],
	["pl", MACHINE, "Rozmawiam z botem?"],
	["pl", EITHER, "Jesteś człowiekiem czy botem?"],
	["pl", CHILD, "Mam 12 lat."],
	["zh", PERSON, "你是真人吗？"],
	["zh", MACHINE, "请问您是机器人吗"],
	["zh", EITHER, "你是真人还是机器人？"],
	["zh", CHILD, "我今年9岁，牙疼"],
	["ar", PERSON, "هل أنت إنسان؟"],
	["ar", MACHINE, "هل أتحدث مع روبوت؟"],
	["ar", EITHER, "أنت إنسان أم روبوت؟"],
	["ar", CHILD, "عمري 9 سنوات"],
];

describe("what is answered by rule in other languages", () => {
	it.each(ASKED)("%s %i: %s", (language, kind, message) => {
		expect(answerTo(message).slice(0, ANSWERS[language][kind].length)).toBe(ANSWERS[language][kind]);
		expect(answerTo(message)).toContain(kind === CHILD ? PRACTICE.name : PRACTICE.contact);
	});

	it("has every language but the two that have a room of their own", () => {
		expect(["en", "es", ...Object.keys(ANSWERS)].sort()).toEqual([...LANGUAGES].sort());
	});

	it.each([
		"J’ai 15 ans d’expérience",
		"Ma fille a 9 ans",
		"J’ai 45 ans",
		"Est-ce une machine à rayons X ?",
		"Mein Sohn ist 9 Jahre alt",
		"Ich bin 12 Minuten zu spät",
		"Ist das ein Programm für Kinder?",
		"Kann ich mit einem Menschen sprechen?",
		"Tenho 10 anos de contrato",
		"Minha filha tem 10 anos",
		"Ho 10 anni di esperienza",
		"Mio figlio ha 5 anni",
		"Posso parlare con una persona?",
		"Ik ben 8 minuten te laat",
		"Mijn dochter is 8 jaar",
		"Mam 12 lat doświadczenia",
		"Moja córka ma 12 lat",
		"我9岁的儿子牙疼",
		"我想找真人客服",
		"ابني عمره 9 سنوات",
		"أريد التحدث مع شخص",
	])("leaves to the model: %s", (message) => {
		expect(ruleFor(message)).toBeUndefined();
	});
});
