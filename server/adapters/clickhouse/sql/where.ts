/** What a query parameter may be; `@clickhouse/client` escapes it, the server parses it by the placeholder's type. */
export type Param = string | number | boolean | null | readonly string[] | readonly number[];
export type Params = Record<string, Param>;

/**
 * A condition that grows: fragments are constants of this code with `{name:Type}` placeholders, values travel as query
 * parameters alone. So no value can become SQL, whatever it holds.
 */
export class Where {
  private readonly fragments: string[] = [];
  readonly params: Params = {};

  /** Adds `fragment` with AND. Throws if a parameter's name is taken, which would silently change another fragment. */
  and(fragment: string, params: Params = {}): this {
    for (const [name, value] of Object.entries(params)) {
      if (name in this.params) throw new Error(`query parameter ${name} is given twice`);
      this.params[name] = value;
    }
    this.fragments.push(`(${fragment})`);
    return this;
  }

  /** As `and`, if `value` is there: not undefined, not an empty list, not an empty text. */
  when<T extends Param>(value: T | undefined, fragment: string, name: string): this {
    if (value === undefined || value === "" || (Array.isArray(value) && value.length === 0)) return this;
    return this.and(fragment, { [name]: value });
  }

  /** A condition of its own with the same fragments, to be extended apart. */
  copy(): Where {
    const copy = new Where();
    copy.fragments.push(...this.fragments);
    Object.assign(copy.params, this.params);
    return copy;
  }

  get isEmpty(): boolean {
    return this.fragments.length === 0;
  }

  /** The condition's text; `1` when it is empty, so that it may always follow WHERE. */
  toString(): string {
    return this.isEmpty ? "1" : this.fragments.join(" AND ");
  }
}
