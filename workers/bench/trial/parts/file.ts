import { rows } from "../../../local/test/local-run.ts";
import type { Finding } from "./trial.ts";

/** Whether the database's file is whole, which D1 itself does not tell. @param folder of the host's state */
export function fileFindings(folder: string): Finding[] {
	const [integrity] = rows(folder, "PRAGMA integrity_check");
	return [
		{ promise: "PRAGMA integrity_check", expected: "ok", found: String(integrity?.integrity_check) },
		{
			promise: "rows of PRAGMA foreign_key_check",
			expected: 0,
			found: rows(folder, "PRAGMA foreign_key_check").length,
		},
	];
}
