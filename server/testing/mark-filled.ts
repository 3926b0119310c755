import type { HotTier } from "~/server/ports/hot/hot-tier";

/** Gives an empty Redis its epoch, as after a rebuild that found nothing, so that no worker treats it as lost. */
export async function markFilled(hot: HotTier, token = "filled"): Promise<void> {
  await hot.beginRebuild(token);
  if (!(await hot.endRebuild(token))) throw new Error("Redis was wiped while it was marked as filled.");
}
