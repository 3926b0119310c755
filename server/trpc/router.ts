import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import { router } from "./init";
import { accessRouter } from "./routers/access";
import { analyticsRouter } from "./routers/analytics";
import { auditRouter } from "./routers/audit";
import { bulkRouter } from "./routers/bulk";
import { deadLettersRouter } from "./routers/dead-letters";
import { executionsRouter } from "./routers/executions";
import { liveRouter } from "./routers/live";
import { monitoringRouter } from "./routers/monitoring";
import { pauseAllRouter } from "./routers/pause-all";
import { protectionRouter } from "./routers/protection";
import { quarantineRouter } from "./routers/quarantine";
import { schedulesRouter } from "./routers/schedules";
import { settingsRouter } from "./routers/settings";
import { topicSchemasRouter } from "./routers/topic-schemas";
import { upcomingRouter } from "./routers/upcoming";
import { viewsRouter } from "./routers/views";

export const appRouter = router({
  access: accessRouter,
  analytics: analyticsRouter,
  audit: auditRouter,
  bulk: bulkRouter,
  deadLetters: deadLettersRouter,
  executions: executionsRouter,
  live: liveRouter,
  monitoring: monitoringRouter,
  pauseAll: pauseAllRouter,
  quarantine: quarantineRouter,
  schedules: schedulesRouter,
  settings: settingsRouter,
  protection: protectionRouter,
  topicSchemas: topicSchemasRouter,
  upcoming: upcomingRouter,
  views: viewsRouter,
});

export type AppRouter = typeof appRouter;
export type RouterInputs = inferRouterInputs<AppRouter>;
export type RouterOutputs = inferRouterOutputs<AppRouter>;
