export { exportExecutions } from "./export";
export { exportFailures } from "./export-failures";
export { exportInFlight } from "./export-in-flight";
export { executionFacets } from "./facets";
export { failureGroups } from "./failures";
export { getExecution } from "./get";
export { listInFlight } from "./in-flight";
export {
  ExecutionFilter,
  ExecutionHistogramInput,
  ExecutionIds,
  ExportExecutionsInput,
  ExportFailuresInput,
  ExportInFlightInput,
  FailureGroupsInput,
  GetExecutionInput,
  ListExecutionsInput,
  ListInFlightInput,
  ReplayInput,
} from "./inputs";
export { executionHistogram, listExecutions } from "./list";
export { namesOfExecutions } from "./names-of";
export { replayExecution } from "./replay";
