import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { REFERENCE } from "../../reference";

/** Refuses unknown tags. In the page, the refusal would come after `loading.tsx`, with the status 200. */
export default async function TagLayout({
  params,
  children,
}: {
  params: Promise<{ tag: string }>;
  children: ReactNode;
}) {
  const { tag } = await params;
  if (!REFERENCE.some(({ slug }) => slug === tag)) notFound();
  return children;
}
