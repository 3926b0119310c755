/** A query parameter; `@clickhouse/client` escapes it, and the server parses it by the placeholder's type. */
export type Param = string | number | boolean | null | readonly string[] | readonly number[];
export type Params = Record<string, Param>;

/**
 * Builds a condition. Fragments are constants of this code with `{name:Type}` placeholders; values are passed as query
 * parameters only, so no value is ever parsed as SQL.
 */
export class Where {
  private readonly fragments: string[] = [];
  readonly params: Params = {};

  /** Adds `fragment` with AND. Throws if a parameter's name is taken: the other fragment's value would change. */
  and(fragment: string, params: Params = {}): this {
    for (const [name, value] of Object.entries(params)) {
      if (name in this.params) throw new Error(`duplicate query parameter ${name}`);
      this.params[name] = value;
    }
    this.fragments.push(`(${fragment})`);
    return this;
  }

  /** Like `and`, unless `value` is undefined, an empty list or an empty text. */
  when<T extends Param>(value: T | undefined, fragment: string, name: string): this {
    if (value === undefined || value === "" || (Array.isArray(value) && value.length === 0)) return this;
    return this.and(fragment, { [name]: value });
  }

  /**
   * Restricts the column `topic` to topics that begin with one of the prefixes; undefined is no restriction, and an
   * empty list matches nothing.
   */
  topicsIn(prefixes: readonly string[] | undefined, name = "prefix"): this {
    if (prefixes === undefined) return this;
    if (prefixes.length === 0) return this.and("0");
    const params = Object.fromEntries(prefixes.map((prefix, i) => [`${name}_${i}`, prefix]));
    const any = Object.keys(params).map((param) => `startsWith(topic, {${param}:String})`);
    return this.and(any.join(" OR "), params);
  }

  copy(): Where {
    const copy = new Where();
    copy.fragments.push(...this.fragments);
    Object.assign(copy.params, this.params);
    return copy;
  }

  get isEmpty(): boolean {
    return this.fragments.length === 0;
  }

  /** The SQL of the condition; `1` if empty, so that the SQL can always follow WHERE. */
  toString(): string {
    return this.isEmpty ? "1" : this.fragments.join(" AND ");
  }
}
