export { getExecution } from "./get";
export { ExecutionHistogramInput, ExecutionId, ListExecutionsInput, ReplayInput } from "./inputs";
export { executionHistogram, listExecutions } from "./list";
export { replayExecution } from "./replay";
