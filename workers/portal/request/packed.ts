/**
 * SQL that packs the rows of a subquery named `listed` into one JSON text, which `packedRows` reads: a result row costs more
 * than its values.
 */
export function packedColumn(...columns: string[]): string {
	return `json_group_array(json_object(${columns.map((column) => `'${column}', listed.${column}`).join(", ")}))`;
}
