import type { AddCommands } from "../command.js";
import { addDeadLetterCommands } from "./dead-letters.js";
import { addDoctor } from "./doctor.js";
import { addExecutionCommands } from "./executions/read.js";
import { addExecutionTail } from "./executions/tail.js";
import { addExplain } from "./explain.js";
import { addImportCommands } from "./import.js";
import { addKeyCommands } from "./keys.js";
import { addMcp } from "./mcp.js";
import { addProfileCommands } from "./profile.js";
import { addSchedulesAsCode } from "./schedules/as-code.js";
import { addScheduleChanges } from "./schedules/change.js";
import { addScheduleReads } from "./schedules/read.js";
import { addSeed } from "./seed.js";
import { addSettingCommands } from "./settings.js";
import { addUserCommands } from "./users.js";

interface Group {
  name: string;
  summary: string;
  /** Each file adds its commands to the group. */
  commands: readonly AddCommands[];
}

export const GROUPS: readonly Group[] = [
  {
    name: "schedules",
    summary: "List, create, change and preview schedules",
    commands: [addScheduleReads, addScheduleChanges, addSchedulesAsCode],
  },
  {
    name: "executions",
    summary: "List, follow and replay executions",
    commands: [addExecutionCommands, addExecutionTail],
  },
  { name: "dead-letters", summary: "List, replay and discard dead letters", commands: [addDeadLetterCommands] },
  {
    name: "import",
    summary: "Convert a crontab, Kubernetes CronJobs or EventBridge schedules to a schedules.yaml. Changes nothing",
    commands: [addImportCommands],
  },
  { name: "keys", summary: "List, create, rotate and revoke API keys", commands: [addKeyCommands] },
  { name: "users", summary: "List, invite, change and delete users", commands: [addUserCommands] },
  { name: "settings", summary: "Show and change settings", commands: [addSettingCommands] },
  {
    name: "profile",
    summary: "Manage profiles: the address and API key of each installation",
    commands: [addProfileCommands],
  },
];

/** The commands without a group, except `completion`, which needs no configuration. */
export const COMMANDS: readonly AddCommands[] = [addExplain, addDoctor, addMcp, addSeed];
