/** Answers pages of this machine. */
export const KEY = "sk_chadis_test_abc123";
/** Admits https only. */
export const LIVE_KEY = "sk_chadis_live_abc123";
