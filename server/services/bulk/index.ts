export { BulkJobId, StartBulkInput } from "./inputs";
export { abortBulk, getBulk, listBulk, startBulk, undoBulk } from "./start";
