import { SkeletonLines } from "~/components/ui/skeleton";

/** A page of the sign-in before its data. */
export function AuthLoading({ title }: { title: string }) {
  return (
    <>
      <h1 className="mb-5 font-semibold text-lg">{title}</h1>
      <SkeletonLines lines={5} />
    </>
  );
}
