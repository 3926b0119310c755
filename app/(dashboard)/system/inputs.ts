import type { RouterInputs } from "~/components/trpc/client";

/** The input of `analytics.totals`, for the rate and the lateness of publishing. */
export const LAST_HOUR: RouterInputs["analytics"]["totals"] = { hours: 1 };
