export { BulkJobId, StartBulkInput } from "./inputs";
export { abortBulk, getBulk, listBulk, previewBulk, startBulk, undoBulk } from "./start";
