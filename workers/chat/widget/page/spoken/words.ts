/** What only the voice says. */
export interface VoiceWords {
	read: string;
	stop: string;
	speak: string;
	listening: string;
	refused: string;
	notHeard: string;
	notRead: string;
	/** Whom a text is sent to that is read; said while it is. */
	readBy: string;
	/** The button to a conversation. */
	talk: string;
	noTalk: string;
}

export const ENGLISH: VoiceWords = {
	read: "Read aloud",
	stop: "Stop reading",
	speak: "Speak your message",
	listening: "Listening…",
	refused:
		"The microphone can't be used here. That is fine: you can type instead, or allow it in your browser's settings.",
	notHeard: "Sorry, that could not be understood. Please try again, or type instead.",
	notRead: "Sorry, this can't be read aloud right now.",
	readBy: "Read aloud by ElevenLabs, which is sent the text.",
	talk: "Talk by voice",
	noTalk: "Sorry, talking can't be started right now. You can type instead.",
};

/** Those of all languages, which are few: they need no files of their own. */
export const VOICE_WORDS: Readonly<Record<string, VoiceWords>> = {
	es: {
		read: "Leer en voz alta",
		stop: "Detener la lectura",
		speak: "Dictar su mensaje",
		listening: "Escuchando…",
		refused:
			"No se puede usar el micrófono aquí. No pasa nada: puede escribir, o permitirlo en los ajustes de su navegador.",
		notHeard: "Lo sentimos, no se entendió. Inténtelo de nuevo o escriba su mensaje.",
		notRead: "Lo sentimos, esto no se puede leer en voz alta ahora.",
		readBy: "Lo lee en voz alta ElevenLabs, que recibe el texto.",
		talk: "Hablar por voz",
		noTalk: "Lo sentimos, ahora no se puede empezar a hablar. Puede escribir.",
	},
	fr: {
		read: "Lire à voix haute",
		stop: "Arrêter la lecture",
		speak: "Dicter votre message",
		listening: "À l’écoute…",
		refused:
			"Le micro ne peut pas être utilisé ici. Ce n’est pas grave : vous pouvez écrire, ou l’autoriser dans les réglages de votre navigateur.",
		notHeard: "Désolé, cela n’a pas été compris. Réessayez ou écrivez votre message.",
		notRead: "Désolé, la lecture à voix haute est impossible pour le moment.",
		readBy: "Lu à voix haute par ElevenLabs, à qui le texte est envoyé.",
		talk: "Parler de vive voix",
		noTalk: "Désolé, la conversation vocale ne peut pas commencer maintenant. Vous pouvez écrire.",
	},
	de: {
		read: "Vorlesen",
		stop: "Vorlesen beenden",
		speak: "Nachricht sprechen",
		listening: "Ich höre zu…",
		refused:
			"Das Mikrofon kann hier nicht benutzt werden. Das macht nichts: Sie können schreiben oder es in den Einstellungen Ihres Browsers erlauben.",
		notHeard: "Das war leider nicht zu verstehen. Bitte versuchen Sie es noch einmal oder schreiben Sie.",
		notRead: "Das kann gerade leider nicht vorgelesen werden.",
		readBy: "Vorgelesen von ElevenLabs, dem der Text dafür gesendet wird.",
		talk: "Sprechen",
		noTalk: "Ein Gespräch kann gerade leider nicht begonnen werden. Sie können schreiben.",
	},
	pt: {
		read: "Ler em voz alta",
		stop: "Parar a leitura",
		speak: "Ditar sua mensagem",
		listening: "Ouvindo…",
		refused:
			"O microfone não pode ser usado aqui. Não tem problema: você pode digitar ou permiti-lo nas configurações do navegador.",
		notHeard: "Desculpe, não foi possível entender. Tente de novo ou digite.",
		notRead: "Desculpe, isto não pode ser lido em voz alta agora.",
		readBy: "Lido em voz alta pela ElevenLabs, que recebe o texto.",
		talk: "Falar por voz",
		noTalk: "Desculpe, não é possível começar a falar agora. Você pode digitar.",
	},
	it: {
		read: "Leggi ad alta voce",
		stop: "Interrompi la lettura",
		speak: "Detti il suo messaggio",
		listening: "In ascolto…",
		refused:
			"Qui il microfono non si può usare. Non importa: può scrivere, oppure consentirlo nelle impostazioni del browser.",
		notHeard: "Ci dispiace, non si è capito. Riprovi oppure scriva.",
		notRead: "Ci dispiace, ora non è possibile leggerlo ad alta voce.",
		readBy: "Letto ad alta voce da ElevenLabs, che riceve il testo.",
		talk: "Parlare a voce",
		noTalk: "Ci dispiace, ora non è possibile parlare. Può scrivere.",
	},
	nl: {
		read: "Voorlezen",
		stop: "Stoppen met voorlezen",
		speak: "Uw bericht inspreken",
		listening: "Ik luister…",
		refused:
			"De microfoon kan hier niet worden gebruikt. Dat geeft niet: u kunt typen, of de microfoon toestaan in de instellingen van uw browser.",
		notHeard: "Sorry, dat was niet te verstaan. Probeer het opnieuw of typ uw bericht.",
		notRead: "Sorry, dit kan nu niet worden voorgelezen.",
		readBy: "Voorgelezen door ElevenLabs, dat de tekst ontvangt.",
		talk: "Praten",
		noTalk: "Sorry, praten kan nu niet worden gestart. U kunt typen.",
	},
	pl: {
		read: "Czytaj na głos",
		stop: "Zatrzymaj czytanie",
		speak: "Podyktuj wiadomość",
		listening: "Słucham…",
		refused:
			"Nie można tu użyć mikrofonu. Nic nie szkodzi: można pisać albo zezwolić na mikrofon w ustawieniach przeglądarki.",
		notHeard: "Przepraszamy, nie udało się zrozumieć. Proszę spróbować ponownie albo napisać.",
		notRead: "Przepraszamy, teraz nie można tego odczytać na głos.",
		readBy: "Czyta na głos ElevenLabs, do której wysyłany jest tekst.",
		talk: "Rozmawiaj głosem",
		noTalk: "Przepraszamy, teraz nie można zacząć rozmowy. Można pisać.",
	},
	zh: {
		read: "朗读",
		stop: "停止朗读",
		speak: "语音输入",
		listening: "正在听…",
		refused: "这里无法使用麦克风。没关系，您可以打字，或在浏览器设置中允许使用麦克风。",
		notHeard: "抱歉，没有听清。请再试一次，或直接打字。",
		notRead: "抱歉，现在无法朗读。",
		readBy: "由 ElevenLabs 朗读，文本会发送给该公司。",
		talk: "语音通话",
		noTalk: "抱歉，现在无法开始通话。您可以打字。",
	},
	ar: {
		read: "قراءة بصوت عالٍ",
		stop: "إيقاف القراءة",
		speak: "إملاء رسالتك",
		listening: "جارٍ الاستماع…",
		refused: "لا يمكن استخدام الميكروفون هنا. لا بأس: يمكنك الكتابة، أو السماح به في إعدادات المتصفح.",
		notHeard: "عذرًا، لم نتمكن من فهم ذلك. حاول مرة أخرى أو اكتب رسالتك.",
		notRead: "عذرًا، لا يمكن قراءة هذا بصوت عالٍ الآن.",
		readBy: "تتولى ElevenLabs القراءة بصوت عالٍ، ويُرسل إليها النص.",
		talk: "تحدث صوتيًا",
		noTalk: "عذرًا، لا يمكن بدء التحدث الآن. يمكنك الكتابة.",
	},
};
