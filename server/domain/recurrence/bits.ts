/** A set of numbers from 0 to 31, in which bit n stands for n. */
export function bitSet(values: readonly number[]): number {
  return values.reduce((set, value) => set | (1 << value), 0);
}

/** The smallest number in a set of `bitSet`; -1 if the set is empty. */
export function lowestBit(set: number): number {
  const onlyLowest = set & -set;
  return 31 - Math.clz32(onlyLowest);
}
