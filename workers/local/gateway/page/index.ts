import { addCopyButtons } from "./dom/copy.ts";
import { startDashboard } from "./frame/app.ts";
import { startPanes } from "./frame/panes.ts";

startPanes();
startDashboard();
addCopyButtons();
