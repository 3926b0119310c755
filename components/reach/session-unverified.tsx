"use client";

import { LockKeyhole } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { EmptyState } from "~/components/ui/empty-state";
import { PageHeader } from "~/components/ui/page-header";
import { useOutage } from "./reach-provider";

const RETRY_MS = 3000;

/** In place of a page whose caller cannot be verified. Loads the page by itself once that is possible. */
export function SessionUnverified() {
  const router = useRouter();
  const isRedisAway = useOutage()?.parts.includes("redis") ?? false;
  useEffect(() => {
    if (isRedisAway) return;
    // Again and again: the watch does not know yet of a Redis that stopped a moment ago.
    const timer = setInterval(() => router.refresh(), RETRY_MS);
    return () => clearInterval(timer);
  }, [isRedisAway, router]);
  return (
    <>
      <PageHeader title="Your session cannot be verified" />
      <EmptyState icon={<LockKeyhole />} title="Waiting for Redis">
        Sessions are kept in Redis, which does not respond. You stay signed in, and this page opens by itself once Redis
        is back.
      </EmptyState>
    </>
  );
}
