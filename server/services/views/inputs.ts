import { z } from "zod";
import { LISTS, MAX_QUERY } from "~/server/domain/saved-view";
import { Line, Name } from "~/server/domain/text";

export const ListViewsInput = z.strictObject({ list: z.enum(LISTS) });
export type ListViewsInput = z.infer<typeof ListViewsInput>;

/** A view replaces the view with the same list and name, among shared views or among the caller's private views. */
export const SaveViewInput = ListViewsInput.extend({
  name: Name(80),
  /** The query of the page's URL. */
  query: Line(MAX_QUERY),
  /** Whether every caller without a scope sees the view. To share a view requires the right `schedules:edit`. */
  shared: z.boolean(),
});
export type SaveViewInput = z.infer<typeof SaveViewInput>;

export const DeleteViewInput = z.strictObject({ viewId: Line(200) });
export type DeleteViewInput = z.infer<typeof DeleteViewInput>;
