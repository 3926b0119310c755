import type { RouterInputs } from "~/components/trpc/client";

/** For the rate and the lateness of publishing. */
export const LAST_HOUR: RouterInputs["analytics"]["summary"] = { hours: 1 };

/** One row, because only the count is shown. */
export const OVERDUE_SCHEDULES: RouterInputs["schedules"]["list"] = { overdue: true, limit: 1 };
