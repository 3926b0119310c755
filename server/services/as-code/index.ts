export { applyDocument } from "./apply";
export { diffDocument } from "./diff";
export { exportDocument } from "./export";
export { ApplyDocumentInput, DocumentInput, ExportDocumentInput } from "./inputs";
