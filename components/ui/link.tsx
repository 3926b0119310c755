"use client";

import NextLink from "next/link";
import { type ComponentProps, useState } from "react";

export type LinkProps = ComponentProps<typeof NextLink>;

/**
 * A link whose page is prefetched once the pointer, a finger or the focus is on the link. By default, Next prefetches
 * every visible link, so a list of fifty rows would request fifty pages.
 */
export function Link(props: LinkProps) {
  const [isPrefetched, setPrefetched] = useState(false);
  const prefetch = () => setPrefetched(true);
  return (
    <NextLink
      {...props}
      // Null is Next's default.
      prefetch={isPrefetched ? null : false}
      onPointerEnter={(event) => {
        prefetch();
        props.onPointerEnter?.(event);
      }}
      onFocus={(event) => {
        prefetch();
        props.onFocus?.(event);
      }}
      onTouchStart={(event) => {
        prefetch();
        props.onTouchStart?.(event);
      }}
    />
  );
}
