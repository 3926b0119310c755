import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { OnThisPage } from "~/components/docs/on-this-page";
import { Model } from "~/components/docs/reference/model";
import { Operation } from "~/components/docs/reference/operation";
import { PageTitle } from "~/components/ui/page-title";
import { REFERENCE } from "../../reference";

type Props = { params: Promise<{ tag: string }> };

const pageOf = async (params: Props["params"]) => {
  const { tag } = await params;
  return REFERENCE.find(({ slug }) => slug === tag);
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const page = await pageOf(params);
  return page ? { title: `${page.name} API`, description: page.description } : { title: "Page not found" };
}

export default async function ApiPage({ params }: Props) {
  const page = await pageOf(params);
  if (page === undefined) notFound();
  const { name, description, operations, models } = page;
  const sections = operations.map(({ id, summary }) => ({ id, label: summary.replaceAll("`", "") }));
  return (
    <div className="flex items-start gap-10">
      <article className="min-w-0 max-w-3xl flex-1">
        <PageTitle>{name} API</PageTitle>
        <p className="mt-1 mb-6 text-lg text-muted">{description}</p>
        <div className="flex flex-col gap-8">
          {operations.map((operation) => (
            <Operation key={operation.id} operation={operation} />
          ))}
        </div>
        {models.length > 0 ? (
          <section aria-labelledby="types" className="mt-10 border-t pt-6">
            <h2 id="types" className="scroll-mt-20 font-semibold text-lg">
              Types
            </h2>
            {models.map((model) => (
              <Model key={model.name} model={model} />
            ))}
          </section>
        ) : null}
      </article>
      <OnThisPage sections={models.length > 0 ? [...sections, { id: "types", label: "Types" }] : sections} />
    </div>
  );
}
