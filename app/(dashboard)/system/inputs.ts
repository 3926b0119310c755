import type { RouterInputs } from "~/components/trpc/client";

/** For the rate and the lateness of publishing. */
export const LAST_HOUR: RouterInputs["analytics"]["totals"] = { hours: 1 };
