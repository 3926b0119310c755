import type { Metadata } from "next";
import { BulkJobsClient } from "./client";

export const metadata: Metadata = { title: "Bulk jobs" };

export default function BulkJobsPage() {
  return <BulkJobsClient />;
}
