/** The lines of the icons, on a field of 24 by 24. */
export const ICONS = {
	close: "M6 6l12 12M18 6 6 18",
	reset: "M4 12a8 8 0 1 0 2.6-5.9L4 8.5M4 4v4.5h4.5",
	stop: "M7 7h10v10H7Z",
	person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4 20c1-4 4-6 8-6s7 2 8 6",
	send: "M12 19V5M6 11l6-6 6 6",
	up: "M7 11v9H4v-9ZM7 11l4-8a2.4 2.4 0 0 1 2.4 2.9L13 9h5.6a2 2 0 0 1 2 2.4l-1.3 7a2 2 0 0 1-2 1.6H7",
	down: "M17 13V4h3v9ZM17 13l-4 8a2.4 2.4 0 0 1-2.4-2.9L11 15H5.4a2 2 0 0 1-2-2.4l1.3-7a2 2 0 0 1 2-1.6H17",
} as const;
