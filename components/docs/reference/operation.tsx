import type { ReactNode } from "react";
import { cn } from "~/components/ui/cn";
import { CodeBlock } from "~/components/ui/code-block";
import { CodeText } from "../code-text";
import { Fields, TypeText } from "./fields";
import type { ReferenceOperation } from "./reference";

const METHOD_TONES: Record<string, string> = {
  GET: "bg-info-soft text-info-ink",
  POST: "bg-success-soft text-success-ink",
  PUT: "bg-warning-soft text-warning-ink",
  PATCH: "bg-warning-soft text-warning-ink",
  DELETE: "bg-danger-soft text-danger-ink",
};

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="mt-4">
      <h3 className="mb-1.5 font-medium text-sm">{title}</h3>
      {children}
    </section>
  );
}

/** A call of the REST API: its input, its answers, its errors, and a command that makes it. */
export function Operation({ operation }: { operation: ReferenceOperation }) {
  const { id, method, path, summary, description, needsCredentials, parameters, bodies, answers, errors } = operation;
  return (
    <section aria-labelledby={id} className="border-t pt-6 first:border-t-0 first:pt-0">
      <h2 id={id} className="scroll-mt-20 font-semibold text-lg">
        <a href={`#${id}`} className="hover:underline">
          <CodeText text={summary} />
        </a>
      </h2>
      <p className="mt-1 flex flex-wrap items-baseline gap-2">
        <span className={cn("rounded-sm px-1.5 py-0.5 font-mono font-semibold text-xs", METHOD_TONES[method])}>
          {method}
        </span>
        <code className="font-mono text-sm [overflow-wrap:anywhere]">{path}</code>
      </p>
      <p className="mt-1.5 text-muted text-sm">
        {description ? <CodeText text={description} /> : null}
        {needsCredentials ? null : "No credentials are needed."}
      </p>
      {parameters.map(({ label, fields }) => (
        <Part key={label} title={label}>
          <Fields fields={fields} />
        </Part>
      ))}
      {bodies.map(({ contentType, type, fields }) => (
        <Part key={contentType} title={`Body (${contentType})`}>
          {fields.length > 0 ? <Fields fields={fields} /> : <TypeText type={type} />}
        </Part>
      ))}
      <Part title="Example">
        <CodeBlock code={operation.curl} label="Command" />
      </Part>
      <Part title="Answers">
        <ul className="divide-y rounded-lg border bg-surface">
          {answers.map(({ status, contents }) => (
            <li key={status} className="flex flex-wrap items-baseline gap-x-2.5 px-3 py-2">
              <span className="font-medium font-mono text-sm text-success-ink">{status}</span>
              {contents.length === 0 ? <span className="text-muted text-sm">without a body</span> : null}
              {contents.map(({ contentType, type }) => (
                <span key={contentType} className="text-muted text-sm">
                  <TypeText type={type} /> {contentType === "application/json" ? null : contentType}
                </span>
              ))}
            </li>
          ))}
        </ul>
        <details className="mt-2">
          <summary className="w-fit text-accent-ink text-sm">Errors</summary>
          <ul className="mt-1.5 divide-y rounded-lg border bg-surface">
            {errors.flatMap(({ status, codes }) =>
              codes.map(({ code, title }) => (
                <li key={code} className="flex flex-wrap items-baseline gap-x-2.5 px-3 py-1.5 text-sm">
                  <span className="font-medium font-mono text-danger-ink">{status}</span>
                  <code className="font-mono text-xs">{code}</code>
                  <span className="text-muted">{title}</span>
                </li>
              )),
            )}
          </ul>
        </details>
      </Part>
    </section>
  );
}
