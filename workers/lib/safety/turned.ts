import type { Piece } from "./pieces.ts";

/** Whom an answer speaks to, as they would write of themselves. */
const TURNED: ReadonlyMap<string, string> = new Map([
	["you", "i"],
	["your", "my"],
	["youre", "im"],
	["youve", "ive"],
	["yourself", "myself"],
	// To be told whom to call is no cry for help.
	["call", "dial"],
	...[
		"usted yo|te me|se me|tu mi|su mi|tus mis|sus mis|quieres quiero|quiere quiero|tienes tengo|tiene tengo|estas estoy|puedes puedo|sientes siento",
		"siente siento|piensas pienso|piensa pienso|deseas deseo|desea deseo|matarte matarme|matarse matarme|suicidarte suicidarme|suicidarse suicidarme",
		"quitarte quitarme|quitarse quitarme|morirte morirme|morirse morirme|hacerte hacerme|hacerse hacerme|lastimarte lastimarme|lastimarse lastimarme",
		"cortarte cortarme|cortarse cortarme|cortas corto|tomaste tome|tragaste trague|intentaste intente",
	].flatMap((pairs) =>
		pairs.split("|").map((pair): [string, string] => {
			const [said = "", meant = ""] = pair.split(" ");
			return [said, meant];
		}),
	),
]);

/** A sentence with one of these says what to do should something be so. */
const SUPPOSING = new Set(["if", "when", "whenever", "unless", "should", "case", "si", "cuando", "caso"]);

/** The sentences of an answer that state something, in words as its reader would say them of themselves. */
export function turned(pieces: readonly Piece[]): Piece[][] {
	const sentences: Piece[][] = [];
	let sentence: Piece[] = [];
	let last = "";
	for (const piece of pieces) {
		const { text } = piece;
		// `It sounds as if` says how it is.
		const isHow = text === "if" && last === "as";
		last = text;
		if (piece.before === "stop" || sentences.length === 0) {
			sentence = [];
			sentences.push(sentence);
		}
		if (isHow) continue;
		const other = TURNED.get(text);
		sentence.push(other === undefined ? piece : { ...piece, text: other });
	}
	return sentences.filter((sentence) => !sentence.some(({ text }) => SUPPOSING.has(text)));
}
