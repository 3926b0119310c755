import type { Metadata } from "next";
import { GuideArticle } from "~/components/docs/guide-article";
import { OVERVIEW } from "./guides";

export const metadata: Metadata = { title: "Documentation" };

export default function DocsPage() {
  return <GuideArticle guide={OVERVIEW} />;
}
