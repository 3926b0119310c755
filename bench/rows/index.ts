import type { Row } from "../parts/row";
import { burst } from "./01-burst";
import { lateness } from "./02-lateness";
import { latenessUnderLoad } from "./03-lateness-under-load";
import { creates } from "./04-creates";
import { bytes } from "./05-bytes";

/** In the order of the table. */
export const ROWS: readonly Row[] = [burst, lateness, latenessUnderLoad, creates, bytes];
