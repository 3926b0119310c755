"use client";

import NextLink from "next/link";
import { type ComponentProps, useState } from "react";

export type LinkProps = ComponentProps<typeof NextLink>;

/**
 * A link whose page is prefetched once the pointer, a finger or the focus is on it. Next prefetches every link in view:
 * a page of a list alone would ask for fifty pages.
 */
export function Link(props: LinkProps) {
  const [wanted, setWanted] = useState(false);
  const want = () => setWanted(true);
  return (
    <NextLink
      {...props}
      prefetch={wanted ? null : false}
      onPointerEnter={(event) => {
        want();
        props.onPointerEnter?.(event);
      }}
      onFocus={(event) => {
        want();
        props.onFocus?.(event);
      }}
      onTouchStart={(event) => {
        want();
        props.onTouchStart?.(event);
      }}
    />
  );
}
