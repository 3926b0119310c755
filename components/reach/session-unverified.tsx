"use client";

import { LockKeyhole } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { EmptyState } from "~/components/ui/empty-state";
import { PageHeader } from "~/components/ui/page-header";
import { useOutage } from "./reach-provider";

const RETRY_MS = 3000;

/** Replaces a page while the caller's session cannot be read from Redis. Loads the page once Redis responds. */
export function SessionUnverified() {
  const router = useRouter();
  const isRedisOutage = useOutage()?.parts.includes("redis") ?? false;
  useEffect(() => {
    if (isRedisOutage) return;
    // Repeated, because a refresh fails if Redis stops responding before `useOutage` reports the outage.
    const timer = setInterval(() => router.refresh(), RETRY_MS);
    return () => clearInterval(timer);
  }, [isRedisOutage, router]);
  return (
    <>
      <PageHeader title="Your session cannot be verified" />
      <EmptyState icon={<LockKeyhole />} title="Waiting for Redis">
        Sessions are kept in Redis, which does not respond. You stay signed in, and this page loads when Redis responds
        again.
      </EmptyState>
    </>
  );
}
