import type { Metadata } from "next";
import { BulkJobClient } from "./client";

export const metadata: Metadata = { title: "Bulk job" };

export default async function BulkJobPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <BulkJobClient jobId={id} />;
}
