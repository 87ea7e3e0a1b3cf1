"""Reads a report folder by the default call of pandas, pyarrow, DuckDB, polars and Spark, and compares what they see.

    readers.py FOLDER      of `report.dir`; its daily/ and daily_current/ are read

The number of rows, the names and types of the columns, how many rows are of each day and version, and some sums must be the
same to all. Two things are a reader's own and no difference: pandas has whole numbers with gaps as floats, and what the
folders' names say (date, version) is of each reader's own type, so that only its text is compared.

Exit code: 0 all the same, 1 something differs, which is printed.
"""

import collections
import pathlib
import sys
import typing

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.parquet
import pyspark.sql

# Which columns the names of the folders are.
PARTS = {"daily": ("date", "version"), "daily_current": ("date",)}
SUMMED = ("closing", "churned", "billed_fen")


class Seen(typing.NamedTuple):
    """What one reader sees of a folder."""

    rows: int
    types: dict  # the kind of each column but those of the folders' names: whole, number, text or instant
    parts: dict  # how many rows there are by the texts of date and version
    sums: dict


def kind(name):
    """The kind of column that a reader's own name of a type means; that name where there is none."""
    kinds = {
        "whole": {"int64", "bigint"},
        "number": {"double", "float64"},
        "text": {"str", "string", "varchar", "object"},
        "instant": {"timestamp", "timestamp with time zone", "timestamp[us, tz=utc]", "datetime64[us, utc]"}
        | {"datetime(time_unit='us', time_zone='utc')"},
    }
    return next((kind for kind, names in kinds.items() if name.lower() in names), name)


def kinds(columns, parts):
    return {column: kind(str(own)) for column, own in columns if column not in parts}


def count(rows):
    """How many rows have each of these values, as texts."""
    return dict(collections.Counter(tuple(str(value) for value in row) for row in rows))


def by_pandas(folder, parts):
    frame = pandas.read_parquet(folder)
    types = kinds(frame.dtypes.items(), parts)
    gaps = [column for column in types if types[column] == "number" and frame[column].isna().any()]
    return Seen(
        len(frame),
        types | {column: "whole or number" for column in gaps},
        count(frame[list(parts)].itertuples(index=False)),
        {column: int(frame[column].sum()) for column in SUMMED},
    )


def by_pyarrow(folder, parts):
    table = pyarrow.parquet.read_table(folder)
    values = zip(*(table[part].to_pylist() for part in parts))
    return Seen(
        table.num_rows,
        kinds(((field.name, field.type) for field in table.schema), parts),
        count(values),
        {column: pyarrow.compute.sum(table[column]).as_py() for column in SUMMED},
    )


def by_duckdb(folder, parts):
    table = duckdb.sql(f"FROM '{folder}/{'*/' * len(parts)}*.parquet'")
    return Seen(
        table.count("*").fetchall()[0][0],
        kinds(zip(table.columns, table.types), parts),
        count(table.project(", ".join(parts)).fetchall()),
        {column: int(table.sum(column).fetchall()[0][0]) for column in SUMMED},
    )


def by_polars(folder, parts):
    frame = polars.read_parquet(folder)
    return Seen(
        frame.height,
        kinds(frame.schema.items(), parts),
        count(frame.select(parts).rows()),
        {column: frame[column].sum() for column in SUMMED},
    )


def by_spark(folder, parts):
    builder = pyspark.sql.SparkSession.builder.master("local[1]")
    for key, value in {"ui.enabled": False, "ui.showConsoleProgress": False, "driver.bindAddress": "127.0.0.1"}.items():
        builder = builder.config(f"spark.{key}", value)
    spark = builder.getOrCreate()
    frame = spark.read.parquet(str(folder))
    sums = frame.agg({column: "sum" for column in SUMMED}).first()
    return Seen(
        frame.count(),
        kinds(frame.dtypes, parts),
        count(frame.select(*parts).collect()),
        {column: sums[f"sum({column})"] for column in SUMMED},
    )


READERS = {
    "pyarrow": by_pyarrow,
    "pandas": by_pandas,
    "DuckDB": by_duckdb,
    "polars": by_polars,
    "Spark": by_spark,
}


def differences(seen, expected):
    """In which ways a reader sees something else than pyarrow."""
    for what in Seen._fields:
        of_it, wanted = getattr(seen, what), getattr(expected, what)
        if not isinstance(of_it, dict):
            of_it, wanted = {"all": of_it}, {"all": wanted}
        for key in sorted(of_it.keys() | wanted.keys(), key=str):
            have, want = of_it.get(key, "not there"), wanted.get(key, "not there")
            if have != want and not (have == "whole or number" and want in ("whole", "number")):
                yield f"{what} of {key}: {have}, pyarrow has {want}"
        if list(of_it) != list(wanted) and what == "types" and of_it.keys() == wanted.keys():
            yield "its columns have another order"


def main(reports):
    wrong = []
    for folder, parts in PARTS.items():
        seen = {}
        for name, read in READERS.items():
            try:
                seen[name] = read(reports / folder, parts)
            except Exception as error:  # whatever a library raises: each has errors of its own
                said = " ".join(str(error).splitlines()[:2])  # below it Spark has its stack
                wrong.append(f"{folder}: {name} cannot read it: {said}")
        if "pyarrow" not in seen:
            continue
        expected = seen["pyarrow"]
        print(f"{folder}: {expected.rows} rows, {len(expected.types)} columns, {len(expected.parts)} days or versions")
        if not set(expected.types.values()) <= {"whole", "number", "text", "instant"}:
            wrong.append(f"{folder}: types that nobody expects: {expected.types}")
        if not all(expected.sums.values()):
            wrong.append(f"{folder}: a sum that compares nothing: {expected.sums}")
        files = sum(1 for _ in (reports / folder).rglob("*.parquet"))
        if files != len(expected.parts):
            wrong.append(f"{folder}: {files} files, {len(expected.parts)} days or versions")
        for name, of_reader in seen.items():
            wrong.extend(f"{folder}: {name}: {difference}" for difference in differences(of_reader, expected))
        if folder == "daily" and len({day for day, _ in expected.parts}) == len(expected.parts):
            wrong.append("daily: no day has a second version, which compares nothing")
    for one in wrong:
        print(f"error: {one}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
