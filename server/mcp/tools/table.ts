import type { Tool } from "../tool";
import { pauseTool, replayTool, resumeTool, runNowTool } from "./changes";
import { createTool } from "./create";
import { explainTool, failuresTool, listExecutionsTool } from "./executions";
import { healthTool } from "./health";
import { getScheduleTool, listSchedulesTool } from "./schedules";
import { upcomingLoadTool, upcomingRunsTool } from "./upcoming";

/** All tools. */
export const TOOLS: readonly Tool[] = [
  listSchedulesTool,
  getScheduleTool,
  explainTool,
  listExecutionsTool,
  failuresTool,
  upcomingLoadTool,
  upcomingRunsTool,
  healthTool,
  createTool,
  pauseTool,
  resumeTool,
  runNowTool,
  replayTool,
];
