import { CodeText } from "../code-text";
import { Fields, modelId, TypeText } from "./fields";
import type { ReferenceModel } from "./reference";

/** A named type of the REST API. */
export function Model({ model }: { model: ReferenceModel }) {
  const { name, description, type, fields } = model;
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
      {/* Most of these types are answers, for which "required" means nothing to the caller, so it is not marked. */}
      {fields.length > 0 ? <Fields fields={fields} marks={false} /> : <TypeText type={type} />}
    </section>
  );
}
