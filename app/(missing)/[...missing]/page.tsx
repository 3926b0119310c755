import type { Metadata } from "next";
import { notFound } from "next/navigation";

export const metadata: Metadata = { title: "Not found" };

/** Matches every path that no other route matches. */
export default function MissingPage(): never {
  notFound();
}
