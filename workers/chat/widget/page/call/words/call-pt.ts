import type { CallWords } from "./words.ts";

/** Portuguese. */
export const words: CallWords = {
	title: "Conversa por voz",
	told: "Você falará com um assistente de IA de {name}, não com uma pessoa, e não receberá orientação médica. Sua voz e o que for dito vão para a ElevenLabs, que os processa e pode guardá-los. Não compartilhe dados privados de saúde. Em uma emergência, ligue para o número de emergência local.",
	privacy: "Privacidade",
	start: "Começar a falar",
	notNow: "Agora não",
	again: "Falar de novo",
	back: "Voltar ao chat",
	connecting: "Conectando…",
	listening: "Ouvindo",
	speaking: "Falando",
	mute: "Silenciar",
	end: "Encerrar a conversa",
	duration: "Duração",
	lines: "O que é dito",
	you: "Você:",
	assistant: "Assistente:",
	ended: "A conversa terminou.",
	timeOver: "A conversa atingiu a duração máxima e terminou.",
	cut: "Desculpe, a conexão caiu. Você pode falar de novo ou digitar.",
	refused:
		"O microfone não pode ser usado aqui. Não tem problema: você pode digitar ou permiti-lo nas configurações do navegador.",
	noMicrophone: "Nenhum microfone foi encontrado. Não tem problema: você pode digitar.",
	insecure: "Esta página não tem conexão segura (https), por isso o microfone não pode ser usado. Você pode digitar.",
	notHere: "No momento não é possível falar por voz com este assistente. Você pode digitar.",
	busy: "Desculpe, não funcionou agora. Tente de novo daqui a pouco ou digite.",
	taken:
		"Todas as vagas para falar estão ocupadas. Uma ficará livre às {time}, no máximo. Enquanto isso, você pode digitar.",
	limit: "As conversas atingiram o limite por enquanto. Você pode digitar.",
	offline: "Parece que você está sem conexão. Verifique e tente de novo.",
	agreeFirst: "Volte ao chat, leia o aviso e concorde com ele primeiro, por favor.",
};
