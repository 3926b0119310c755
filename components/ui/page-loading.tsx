import { PageHeader } from "./page-header";
import { Skeleton } from "./skeleton";

/**
 * A page before its data: title and grey boxes. Each item is the height class of one box, or several heights for boxes
 * side by side.
 */
export function PageLoading({ title, boxes }: { title: string; boxes: readonly (string | readonly string[])[] }) {
  return (
    <>
      <PageHeader title={title} />
      <span role="status" className="sr-only">
        Loading
      </span>
      <div className="flex flex-col gap-4">
        {boxes.map((box, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the boxes have no id
          <div key={row} className="grid auto-cols-fr gap-4 lg:grid-flow-col">
            {(typeof box === "string" ? [box] : box).map((height, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the boxes have no id
              <Skeleton key={column} className={`w-full ${height}`} />
            ))}
          </div>
        ))}
      </div>
    </>
  );
}
