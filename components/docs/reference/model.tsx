import { CodeText } from "../code-text";
import { Fields, modelId, TypeText } from "./fields";
import type { ReferenceModel } from "./reference";

/** A named type of the REST API. */
export function Model({ model }: { model: ReferenceModel }) {
  const { name, description, type, fields, isInput } = model;
  return (
    <section aria-labelledby={modelId(name)} className="mt-6">
      <h3 id={modelId(name)} className="mb-1.5 scroll-mt-20 font-medium font-mono text-sm">
        {name}
      </h3>
      {description ? (
        <p className="mb-1.5 text-muted text-sm">
          <CodeText text={description} />
        </p>
      ) : null}
      {/* In an answer, "required" means nothing to the caller. */}
      {fields.length > 0 ? <Fields fields={fields} marks={isInput} /> : <TypeText type={type} />}
    </section>
  );
}
