/** Fields of schedules as code, by their names in the API. */
export const DOCUMENT_DESCRIPTIONS: Readonly<Record<string, string>> = {
  owner: "The label under which the document owns its schedules.",
  repository: "The repository of the document.",
  file: "The file of the document in its repository.",
  commit: "The commit of the document.",
  adopt: "Takes over schedules with the same names that belong to no document.",
  prune: "Deletes schedules of the owner that the document does not have.",
  allow_empty: "Allows a document without schedules to delete all schedules of the owner.",
  unowned: "Also exports schedules that belong to no document.",
  adds: "The schedules that are added.",
  changes: "The schedules that are changed.",
  unchanged: "The number of schedules that stay as they are.",
  fields: "The fields that differ.",
  next_before: "The next run before the change.",
  next_after: "The next run after the change.",
  runs_before: "The runs of the next 7 days before the change.",
  runs_after: "The runs of the next 7 days after the change.",
};
