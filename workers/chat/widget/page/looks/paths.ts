/** The lines of the launcher's icons, on a field of 24 by 24; that of `chat` comes with the launcher. */
export const LAUNCHER_PATHS: Readonly<Record<string, string>> = {
	question: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM9.4 9.3a2.7 2.7 0 1 1 3.9 2.4c-.9.5-1.3 1-1.3 2M12 17h.01",
	heart: "M12 20C6 15.6 3.5 12.6 3.5 9.2A4.7 4.7 0 0 1 12 6.6a4.7 4.7 0 0 1 8.5 2.6c0 3.4-2.5 6.4-8.5 10.8Z",
	tooth:
		"M12 6c1.2-1 2.6-2 4.3-2C19 4 20.5 6 20.5 8.5c0 2.2-1.1 3.6-1.6 5.8-.5 2.3-.6 5.7-2.3 5.7-1.9 0-1.5-5-4.6-5s-2.7 5-4.6 5c-1.7 0-1.8-3.4-2.3-5.7C4.6 12.1 3.5 10.7 3.5 8.5 3.5 6 5 4 7.7 4c1.7 0 3.1 1 4.3 2Z",
};
