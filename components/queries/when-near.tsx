"use client";

import { type ReactNode, useEffect, useRef, useState } from "react";
import { Card } from "~/components/ui/card";

/** Distance from the window at which a tile is rendered, so that it is complete when it scrolls into view. */
const MARGIN = "200px 0px";

/**
 * Renders a tile and runs its queries once it is near the window, or when the page is printed. Until then, shows an
 * empty card with the tile's title, so that users of screen readers find its heading.
 */
export function WhenNear({
  title,
  description,
  className,
  children,
}: {
  title: string;
  description?: ReactNode;
  /** Reserves the approximate height of the tile. */
  className: string;
  children: ReactNode;
}) {
  const [isNear, setNear] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isNear || box.current === null) return;
    const show = () => setNear(true);
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) show();
      },
      { rootMargin: MARGIN },
    );
    observer.observe(box.current);
    window.addEventListener("beforeprint", show);
    return () => {
      observer.disconnect();
      window.removeEventListener("beforeprint", show);
    };
  }, [isNear]);
  if (isNear) return children;
  return (
    <div ref={box} className="grid">
      <Card title={title} description={description} className={className} />
    </div>
  );
}
