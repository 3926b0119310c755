import { SkeletonLines } from "~/components/ui/skeleton";

/** The outline of a sign-in page while the page loads. */
export function AuthLoading({ title }: { title: string }) {
  return (
    <>
      <h1 className="mb-5 font-semibold text-lg">{title}</h1>
      <SkeletonLines lines={5} />
    </>
  );
}
