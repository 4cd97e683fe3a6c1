import type { CallWords } from "./words.ts";

/** Polish. */
export const words: CallWords = {
	title: "Rozmowa głosowa",
	told: "Będzie to rozmowa z asystentem AI firmy {name}, a nie z człowiekiem, i nie jest to porada medyczna. Głos i to, co zostanie powiedziane, trafia do ElevenLabs, która to przetwarza i może przechowywać. Prosimy nie podawać prywatnych danych o zdrowiu. W nagłym wypadku należy zadzwonić pod lokalny numer alarmowy.",
	privacy: "Prywatność",
	start: "Zacznij rozmowę",
	notNow: "Nie teraz",
	again: "Porozmawiaj ponownie",
	back: "Wróć do czatu",
	connecting: "Łączenie…",
	listening: "Słucha",
	speaking: "Mówi",
	mute: "Wycisz",
	end: "Zakończ rozmowę",
	duration: "Czas trwania",
	lines: "Przebieg rozmowy",
	you: "Ty:",
	assistant: "Asystent:",
	ended: "Rozmowa się zakończyła.",
	timeOver: "Rozmowa osiągnęła najdłuższy czas i się zakończyła.",
	cut: "Przepraszamy, połączenie zostało przerwane. Można porozmawiać ponownie albo pisać.",
	refused:
		"Nie można tu użyć mikrofonu. Nic nie szkodzi: można pisać albo zezwolić na mikrofon w ustawieniach przeglądarki.",
	noMicrophone: "Nie znaleziono mikrofonu. Nic nie szkodzi: można pisać.",
	insecure: "Ta strona nie ma bezpiecznego połączenia (https), więc nie można użyć mikrofonu. Można pisać.",
	notHere: "W tej chwili nie można rozmawiać głosem z tym asystentem. Można pisać.",
	busy: "Przepraszamy, teraz się nie udało. Proszę spróbować za chwilę ponownie albo pisać.",
	taken: "Wszystkie miejsca do rozmowy są zajęte. Najpóźniej o {time} jedno się zwolni. W tym czasie można pisać.",
	limit: "Rozmowy osiągnęły na razie swój limit. Można pisać.",
	offline: "Wygląda na to, że nie ma połączenia z siecią. Proszę je sprawdzić i spróbować ponownie.",
	agreeFirst: "Proszę wrócić do czatu, przeczytać informację i najpierw wyrazić zgodę.",
};
