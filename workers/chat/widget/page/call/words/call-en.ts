import type { CallWords } from "./words.ts";

/** English. */
export const words: CallWords = {
	title: "Spoken conversation",
	told: "You will talk with an AI assistant of {name}, not with a person, and get no medical advice. Your voice and what is said go to ElevenLabs, which processes them and may keep them. Please don't share private health details. In an emergency, call your local emergency number.",
	privacy: "Privacy",
	start: "Start talking",
	notNow: "Not now",
	again: "Talk again",
	back: "Back to the chat",
	connecting: "Connecting…",
	listening: "Listening",
	speaking: "Speaking",
	mute: "Mute",
	end: "End conversation",
	duration: "Duration",
	lines: "What is said",
	you: "You:",
	assistant: "Assistant:",
	ended: "The conversation has ended.",
	timeOver: "The conversation has reached its longest time and has ended.",
	cut: "Sorry, the connection was lost. You can talk again, or type instead.",
	refused:
		"The microphone can't be used here. That is fine: you can type instead, or allow it in your browser's settings.",
	noMicrophone: "No microphone was found. That is fine: you can type instead.",
	insecure: "This page has no secure connection (https), so the microphone can't be used. You can type instead.",
	notHere: "You can't talk with this assistant by voice at the moment. You can type instead.",
	busy: "Sorry, that didn't work just now. Please try again in a moment, or type instead.",
	taken: "All places for talking are taken right now. One is free at {time} at the latest. You can type meanwhile.",
	limit: "Conversations have reached their limit for now. You can type instead.",
	offline: "You seem to be offline. Please check your connection and try again.",
	agreeFirst: "Please go back, read the notice of the chat and agree to it first.",
};
