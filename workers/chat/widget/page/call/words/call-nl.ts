import type { CallWords } from "./words.ts";

/** Dutch. */
export const words: CallWords = {
	title: "Gesprek",
	told: "U praat met een AI-assistent van {name}, niet met een mens, en krijgt geen medisch advies. Uw stem en wat er gezegd wordt gaan naar ElevenLabs, dat ze verwerkt en kan bewaren. Deel geen privégegevens over uw gezondheid. Bel in een noodgeval het plaatselijke alarmnummer.",
	privacy: "Privacy",
	start: "Gesprek beginnen",
	notNow: "Nu niet",
	again: "Opnieuw praten",
	back: "Terug naar de chat",
	connecting: "Verbinden…",
	listening: "Luistert",
	speaking: "Spreekt",
	mute: "Dempen",
	end: "Gesprek beëindigen",
	duration: "Duur",
	lines: "Wat er gezegd wordt",
	you: "U:",
	assistant: "Assistent:",
	ended: "Het gesprek is afgelopen.",
	timeOver: "Het gesprek heeft de langste duur bereikt en is afgelopen.",
	cut: "Sorry, de verbinding is verbroken. U kunt opnieuw praten of typen.",
	refused:
		"De microfoon kan hier niet worden gebruikt. Dat geeft niet: u kunt typen, of de microfoon toestaan in de instellingen van uw browser.",
	noMicrophone: "Er is geen microfoon gevonden. Dat geeft niet: u kunt typen.",
	insecure:
		"Deze pagina heeft geen beveiligde verbinding (https), daarom kan de microfoon niet worden gebruikt. U kunt typen.",
	notHere: "Praten met deze assistent kan op dit moment niet. U kunt typen.",
	busy: "Sorry, dat lukte zojuist niet. Probeer het zo meteen opnieuw of typ.",
	taken: "Alle plaatsen om te praten zijn bezet. Uiterlijk om {time} komt er een vrij. U kunt intussen typen.",
	limit: "De gesprekken hebben voorlopig hun limiet bereikt. U kunt typen.",
	offline: "U lijkt offline te zijn. Controleer uw verbinding en probeer het opnieuw.",
	agreeFirst: "Ga terug, lees de melding in de chat en ga er eerst mee akkoord.",
};
