import { spawnSync } from "node:child_process";

/** Whether Debian's ffmpeg, with its ffprobe, is on this machine. */
export const hasFfmpeg = ["ffmpeg", "ffprobe"].every((program) => spawnSync(program, ["-version"]).status === 0);

/** For the title of a test that runs them: where they are missing the test is skipped, and the title is all that is seen of it. */
export const NEEDS_FFMPEG = "needs Debian's ffmpeg: apt-get install ffmpeg";
