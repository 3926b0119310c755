export { exportBulk } from "./export";
export { BulkItemsInput, BulkJobId, ExportBulkInput, StartBulkInput, UndoBulkInput } from "./inputs";
export { listBulkItems, previewUndo } from "./items";
export { abortBulk, getBulk, listBulk, previewBulk, startBulk, undoBulk } from "./start";
