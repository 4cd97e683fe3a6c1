import { addCopyButtons } from "./copy.ts";
import { startDashboard } from "./dashboard.ts";
import { startVoice } from "./voice.ts";

startVoice();
startDashboard();
addCopyButtons();
