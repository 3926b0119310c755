export { listBreakers, ResetBreakerInput, resetBreaker } from "./breakers";
export { getEngine } from "./engine";
export { getHealth } from "./health";
export { getLeases } from "./leases";
export { renderMetrics } from "./metrics";
export { CleanupInput, promoteNow, runCleanup, UpcomingInput, upcoming } from "./operations";
export { getStats } from "./stats";
