export { DeleteViewInput, ListViewsInput, SaveViewInput } from "./inputs";
export { listViews } from "./list";
export { deleteView, saveView } from "./save";
