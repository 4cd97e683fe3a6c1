import { numberColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { taggedJson } from "../../lib/http/conditional.ts";
import { IS_ORG, ORG_COLUMNS } from "../auth/access.ts";
import { CONFIG_COLUMNS, shownConfig } from "./config-fields.ts";

const CONFIG_SQL = `
	SELECT ${ORG_COLUMNS}, ${CONFIG_COLUMNS}
	FROM orgs o
	LEFT JOIN org_config c ON c.org_id = o.id
	WHERE ${IS_ORG}
`;

/** The statement that reads an org and its configuration. */
export function configStatement(db: D1Database, ref: string): D1PreparedStatement {
	return db.prepare(CONFIG_SQL).bind(ref);
}

/** The configuration in force, with its version as ETag. @param row of a `configStatement` */
export function configResponse(row: Row): Promise<Response> {
	const version = numberColumn(row, "version");
	const body = {
		config: shownConfig(row),
		version,
		updated_at: textColumnOrNull(row, "updated_at"),
		updated_by: textColumnOrNull(row, "updated_by"),
	};
	return taggedJson(body, { version });
}
