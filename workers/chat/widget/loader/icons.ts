/** The lines of the launcher's icon, on a field of 24 by 24. */
export const CHAT =
	"M20 4H4a1 1 0 0 0-1 1v11a1 1 0 0 0 1 1h3v4l5-4h8a1 1 0 0 0 1-1V5a1 1 0 0 0-1-1ZM8 10.5h.01M12 10.5h.01M16 10.5h.01";
