export { applyPauseAll, endPauseAll, getPauseAll, PauseAllInput, pauseAll, ResumeAllInput, resumeAll } from "./change";
export { readPauseAll } from "./stored";
