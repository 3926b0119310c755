import type { RouterInputs } from "~/components/trpc/client";

export const LAST_DAY: RouterInputs["analytics"]["summary"] = { hours: 24 };
