import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import { router } from "./init";
import { accessRouter } from "./routers/access";
import { analyticsRouter } from "./routers/analytics";
import { bulkRouter } from "./routers/bulk";
import { deadLettersRouter } from "./routers/dead-letters";
import { executionsRouter } from "./routers/executions";
import { liveRouter } from "./routers/live";
import { monitoringRouter } from "./routers/monitoring";
import { quarantineRouter } from "./routers/quarantine";
import { schedulesRouter } from "./routers/schedules";
import { settingsRouter } from "./routers/settings";

export const appRouter = router({
  access: accessRouter,
  analytics: analyticsRouter,
  bulk: bulkRouter,
  deadLetters: deadLettersRouter,
  executions: executionsRouter,
  live: liveRouter,
  monitoring: monitoringRouter,
  quarantine: quarantineRouter,
  schedules: schedulesRouter,
  settings: settingsRouter,
});

export type AppRouter = typeof appRouter;
export type RouterInputs = inferRouterInputs<AppRouter>;
export type RouterOutputs = inferRouterOutputs<AppRouter>;
