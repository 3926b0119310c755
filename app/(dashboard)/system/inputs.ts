import type { RouterInputs } from "~/components/trpc/client";

/** Only the count is shown. */
export const STUCK_SCHEDULES: RouterInputs["schedules"]["list"] = { overdue: true, limit: 1 };
