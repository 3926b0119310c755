import type { Metadata } from "next";
import { CodeText } from "~/components/docs/code-text";
import { Model } from "~/components/docs/reference/model";
import { CodeBlock } from "~/components/ui/code-block";
import { PageTitle } from "~/components/ui/page-title";
import { TextLink } from "~/components/ui/text-link";
import { PROBLEM, REFERENCE } from "../reference";

export const metadata: Metadata = { title: "API reference" };

const FIRST_CALL = `export SCHEDULES_URL=https://schedules.example.org
export SCHEDULES_API_KEY=…
curl "$SCHEDULES_URL/admin/schedules?limit=5" \\
  -H "Authorization: Bearer $SCHEDULES_API_KEY"`;

const RULES = [
  "Send `Authorization: Bearer <API key>`. Create keys under Settings > API keys, or use the session of the dashboard.",
  "Names are snake_case. Times are ISO 8601 with an offset, or epoch seconds or milliseconds; answers are in UTC.",
  "Paged lists return `items` and `next_cursor`. Send `next_cursor` as `cursor` to get the next page; it is null on the last page.",
  "Send an `Idempotency-Key` with each call that has this header. If no answer arrives, repeat the call with the same key: the change is made once.",
  "To avoid overwriting the edit of another caller, send the `ETag` of your last read in `If-Match`.",
  "A call is answered within 10 s, except exports, bulk jobs, documents and maintenance. `Prefer: wait=3` asks for an answer within 3 s.",
  "`RateLimit` and `RateLimit-Policy` say how many requests are left. Beyond them, the answer is 429 with `Retry-After`.",
  "`/api/v1/admin` is an alias of `/admin`.",
];

/** A plain link, because the address is not a page. */
function DocumentLink({ name }: { name: string }) {
  return (
    <a href={`/api/v1/${name}`} className="text-accent-ink underline underline-offset-2">
      {name}
    </a>
  );
}

export default function ApiIntroduction() {
  return (
    <article className="max-w-3xl">
      <PageTitle>API reference</PageTitle>
      <p className="mt-1 text-lg text-muted">
        Every call of the REST API. Also available as OpenAPI 3.1: <DocumentLink name="openapi.json" /> and{" "}
        <DocumentLink name="openapi.yaml" />.
      </p>
      <CodeBlock code={FIRST_CALL} label="First call" className="mt-4" />
      <h2 className="mt-8 mb-2 font-semibold text-lg">Rules</h2>
      <ul className="flex list-disc flex-col gap-1.5 pl-5 text-lg">
        {RULES.map((rule) => (
          <li key={rule}>
            <CodeText text={rule} />
          </li>
        ))}
      </ul>
      <h2 className="mt-8 mb-2 font-semibold text-lg">Calls</h2>
      <ul className="divide-y rounded-lg border bg-surface">
        {REFERENCE.map(({ slug, name, description, operations }) => (
          <li key={slug} className="px-3 py-2.5">
            <TextLink href={`/docs/api/${slug}`} className="font-medium">
              {name}
            </TextLink>{" "}
            <span className="text-muted">
              {description} {operations.length} {operations.length === 1 ? "call" : "calls"}.
            </span>
          </li>
        ))}
      </ul>
      <h2 className="mt-8 font-semibold text-lg">Errors</h2>
      <p className="mt-2 text-lg">
        <CodeText text="Every error is `application/problem+json` (RFC 9457). Programs compare `code`; people read `detail`." />
      </p>
      <Model model={PROBLEM} />
    </article>
  );
}
