import { CodeText } from "../code-text";
import type { ReferenceField, TypePart } from "./schema";

/** The id of a named type on its page. */
export const modelId = (name: string) => `type-${name}`;

export function TypeText({ type }: { type: readonly TypePart[] }) {
  return (
    <span className="font-mono text-xs [overflow-wrap:anywhere]">
      {type.map(({ text, model }, index) =>
        model === null ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a constant text
          <span key={index}>{text}</span>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a constant text
          <a key={index} href={`#${modelId(model)}`} className="text-accent-ink underline underline-offset-2">
            {text}
          </a>
        ),
      )}
    </span>
  );
}

/** Fields with type, limits and description. `marks`: whether to say which are required. */
export function Fields({ fields, marks = true }: { fields: readonly ReferenceField[]; marks?: boolean }) {
  return (
    <ul className="divide-y rounded-lg border bg-surface">
      {fields.map((field) => (
        <li key={field.name} className="px-3 py-2">
          <div className="flex flex-wrap items-baseline gap-x-2.5 gap-y-0.5">
            <span className="font-medium font-mono text-sm [overflow-wrap:anywhere]">{field.name}</span>
            <span className="text-muted">
              <TypeText type={field.type} />
            </span>
            {marks && field.required ? <span className="font-medium text-warning-ink text-xs">required</span> : null}
            {field.constraints ? <span className="text-muted text-xs">{field.constraints}</span> : null}
          </div>
          {field.description ? (
            <p className="mt-0.5 text-muted text-sm">
              <CodeText text={field.description} />
            </p>
          ) : null}
          {field.fields.length > 0 ? (
            <details className="mt-1.5">
              <summary className="w-fit text-accent-ink text-sm">
                {field.fields.length} {field.fields.length === 1 ? "field" : "fields"} of {field.name}
              </summary>
              <div className="mt-1.5">
                <Fields fields={field.fields} marks={marks} />
              </div>
            </details>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
