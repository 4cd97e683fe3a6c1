const DELIMITER = /^[ |:-]*-[ |:-]*$/;

/** Whether a line is the rule between a table's head and its rows. */
export function isDelimiter(line: string): boolean {
	return line.includes("|") && DELIMITER.test(line);
}

/** The cells of a row, with or without bars at its ends; an escaped bar belongs to its cell. */
export function cells(row: string): string[] {
	const found: string[] = [];
	let from = 0;
	for (let at = 0; at < row.length; at++) {
		const character = row.charAt(at);
		if (character === "\\") at++;
		else if (character === "|") {
			found.push(row.slice(from, at));
			from = at + 1;
		}
	}
	found.push(row.slice(from));
	return found.map((cell) => cell.trim()).filter((cell) => cell !== "");
}
