import { afterAll, vi } from "vitest";

// The files of a project share one runtime: a clock that one of them stops would stand still for all that come after it.
afterAll(() => {
	vi.useRealTimers();
});
