import { expect, test } from "vitest";
import { insertFromFile, shapeOf } from "./sql-shape";

test.each([
  ["SELECT 1", "SELECT", null],
  ["  -- why\n/* and ; how */ select 1 format JSONEachRow;", "SELECT", "JSONEachRow"],
  ["(SELECT 1) UNION ALL (SELECT 2)\nFORMAT CSV SETTINGS max_threads = 1", "SELECT", "CSV"],
  ["SELECT format FROM t", "SELECT", null],
  ['SELECT \'FORMAT CSV; SELECT 2\', `a;b`, "c\\";"', "SELECT", null],
  ["SELECT format('{}', 1) FORMAT TSV", "SELECT", "TSV"],
  ["SELECT $tag$ ; FORMAT X $tag$", "SELECT", null],
  ["WITH 'it''s; \\' so' AS x SELECT x", "WITH", null],
  ["INSERT INTO t SELECT 1 FORMAT Null", "INSERT", "Null"],
  ["INSERT INTO t SETTINGS async_insert = 0 SELECT 1", "INSERT", null],
  ["INSERT INTO t (SELECT 1)", "INSERT", null],
  ["INSERT INTO t FROM INFILE 'x' FORMAT CSV", "INSERT", "CSV"],
  ["INSERT INTO FUNCTION null('x UInt8') VALUES (1)", "INSERT", null],
])("%s is a %s with format %s and without data", (sql, firstWord, format) => {
  expect(shapeOf(sql)).toMatchObject({ firstWord, format, insert: null });
});

const FILE = "FROM INFILE 'f' COMPRESSION 'none'";
test.each([
  ["INSERT INTO t FORMAT JSONEachRow", `INSERT INTO t  ${FILE}  FORMAT JSONEachRow`, ""],
  ['INSERT INTO t FORMAT JSONEachRow\n{"a":1}', `INSERT INTO t  ${FILE}  FORMAT JSONEachRow`, '{"a":1}'],
  [
    "insert into `a.b`.\"c\" (x, y) values (1, ';'), (2, '')",
    `insert into \`a.b\`."c" (x, y)  ${FILE}  FORMAT Values`,
    "(1, ';'), (2, '')",
  ],
  ["INSERT INTO settings FORMAT CSV\n1", `INSERT INTO settings  ${FILE}  FORMAT CSV`, "1"],
  ["INSERT INTO db.format (* EXCEPT(b)) FORMAT CSV", `INSERT INTO db.format (* EXCEPT(b))  ${FILE}  FORMAT CSV`, ""],
  ["INSERT INTO TABLE {t:Identifier} FORMAT TSV\n\tx", `INSERT INTO TABLE {t:Identifier}  ${FILE}  FORMAT TSV`, "\tx"],
  [
    "INSERT INTO t SETTINGS insert_deduplication_token = 'FORMAT ''x', async_insert = 0 FORMAT CSV 1,2",
    `INSERT INTO t  ${FILE} SETTINGS insert_deduplication_token = 'FORMAT ''x', async_insert = 0  FORMAT CSV`,
    "1,2",
  ],
])("the rows of %s are read from a file", (sql, statement, data) => {
  const { insert } = shapeOf(sql);
  expect(insert && insertFromFile(insert, "'f'")).toBe(statement);
  expect(insert && sql.slice(insert.dataStart)).toBe(data);
});

test.each(["SELECT 1; SELECT 2", "SELECT ';'; DROP TABLE t", "DROP TABLE a; -- x\nDROP TABLE b"])(
  "%s is more than one statement, and refused",
  (sql) => expect(() => shapeOf(sql)).toThrow(/Code: 62.*Multi-statements/),
);

test.each(["", "  ;", "-- nothing"])("%j is an empty query", (sql) => expect(() => shapeOf(sql)).toThrow(/Code: 62/));

test.each([
  ["SELECT a FROM t GROUP BY a WITH TOTALS", true],
  ["SELECT 1 SETTINGS output_format_json_array_of_rows = 1", true],
  ["SELECT 1", false],
])("the answer of %s can only be sent as a whole: %s", (sql, isWholeOnly) => {
  expect(shapeOf(sql)).toMatchObject({ isWholeOnly });
});

test("a long unfinished quote takes time in proportion to its length", () => {
  const started = performance.now();
  shapeOf(`SELECT '${"\\'".repeat(1_000_000)}`);
  expect(performance.now() - started).toBeLessThan(5_000);
});
