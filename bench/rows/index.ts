import type { Row } from "../parts/row";
import { burst } from "./01-burst";
import { lateness } from "./02-lateness";
import { latenessUnderLoad } from "./03-lateness-under-load";
import { creates } from "./04-creates";
import { bytes } from "./05-bytes";
import { workers } from "./06-workers";
import { kafkaOut } from "./07-kafka-out";
import { delayedIn } from "./08-delayed-in";
import { promotion } from "./09-promotion";
import { lists } from "./10-lists";
import { explorer } from "./11-explorer";
import { analytics } from "./12-analytics";
import { recorder } from "./13-recorder";
import { pages } from "./14-pages";
import { idle } from "./15-idle";
import { nextTimes } from "./16-next-times";
import { everyPage } from "./17-every-page";

/** In the order of measurement. Rows that fill ClickHouse come last, because merges would disturb other rows. */
export const ROWS: readonly Row[] = [
  burst,
  lateness,
  latenessUnderLoad,
  nextTimes,
  creates,
  bytes,
  workers,
  kafkaOut,
  delayedIn,
  recorder,
  idle,
  pages,
  promotion,
  everyPage,
  lists,
  explorer,
  analytics,
];
