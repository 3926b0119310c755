import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { GuideArticle } from "~/components/docs/guide-article";
import { GUIDES } from "../guides";

type Props = { params: Promise<{ guide: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const guide = GUIDES.get((await params).guide);
  return guide ? { title: guide.title, description: guide.description } : { title: "Page not found" };
}

export default async function GuidePage({ params }: Props) {
  const guide = GUIDES.get((await params).guide);
  if (guide === undefined) notFound();
  return <GuideArticle guide={guide} />;
}
