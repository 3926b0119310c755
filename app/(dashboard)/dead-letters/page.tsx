import type { Metadata } from "next";
import { DeadLettersClient } from "./client";

export const metadata: Metadata = { title: "Dead letters" };

export default function DeadLettersPage() {
  return <DeadLettersClient />;
}
