"use client";

import { catchError } from "next/error";
import { ErrorState } from "~/components/ui/error-state";

/** A part that breaks while it is drawn breaks alone. */
export const TileBoundary = catchError(({ title }: { title: string }, { retry }) => (
  <ErrorState title={title} message="This part could not be drawn. The rest of the page stands." onRetry={retry} />
));
