// The workers' log lines of thousands of tests cost a tenth of the run's time, and nobody reads them. VITEST_LOG=1 leaves this file out.
for (const level of ["debug", "log", "info", "warn", "error"] as const) console[level] = () => undefined;

export {};
