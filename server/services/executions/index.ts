export { getExecution } from "./get";
export { ExecutionHistogramInput, ExecutionId, ListExecutionsInput } from "./inputs";
export { executionHistogram, listExecutions } from "./list";
export { replayExecution } from "./replay";
