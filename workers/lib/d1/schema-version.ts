/** The schema that this code was written for: the number of the last file in schema/migrations. It works on any newer one as well. */
export const SCHEMA_VERSION = 22;
