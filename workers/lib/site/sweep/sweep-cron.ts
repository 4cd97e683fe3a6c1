/** When the portal settles turns that nobody has ended, every five minutes: its toml says so, and a run of another time is the daily one. */
export const SWEEP_CRON = "*/5 * * * *";
