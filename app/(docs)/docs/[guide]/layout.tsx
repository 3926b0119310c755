import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { GUIDES } from "../guides";

/** Refuses unknown guides. In the page, the refusal would come after `loading.tsx`, with the status 200. */
export default async function GuideLayout({
  params,
  children,
}: {
  params: Promise<{ guide: string }>;
  children: ReactNode;
}) {
  if (!GUIDES.has((await params).guide)) notFound();
  return children;
}
