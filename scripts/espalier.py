# SPDX-License-Identifier: Apache-2.0
"""Rows of Espalier for pandas. One file: copy it beside a notebook. Needs pandas and pyarrow.

    import espalier
    rows = espalier.rows("results/mnist-lenet")
    rows.groupby(["condition.method", "condition.ratio"])["fine_tuned.test.accuracy"].mean()
"""
import difflib
import os
import warnings

import pandas
import pyarrow.parquet

__all__ = ["rows", "cell", "alpha", "stability", "with_control"]

_INTERVENTIONS = ("prune", "zero", "gauss")


def rows(folder, columns=None):
    """All cells of a sweep, one line each, structs as columns with dots: "condition.method".

    folder: as given to `espalier run --out`. columns: only these, or all that begin with one of
    them ("fine_tuned.test"); None for all. Lists stay lists. A cell that was run again
    (`--retry-failed`) counts with its last row.
    """
    folder = os.fspath(folder)
    files = _files(os.path.join(folder, "results"))
    if not files:
        raise FileNotFoundError(
            f"{folder} holds no results: expected a folder given to `espalier run --out`, "
            "with results/*.parquet in it")
    known = _leaves(pyarrow.parquet.ParquetFile(files[0]).schema_arrow)
    wanted = None if columns is None else _chosen(columns, known)
    keep = None if wanted is None else wanted + [c for c in ("cell_id",) if c not in wanted]
    table = _read(files, keep)
    again = _files(os.path.join(folder, "_retried"))
    if again:
        last = _read(again, keep)
        table = pandas.concat([table[~table["cell_id"].isin(last["cell_id"])], last])
    table = table.reset_index(drop=True)
    return table if wanted is None else table[wanted]


def _files(folder):
    if not os.path.isdir(folder):
        return []
    return sorted(
        os.path.join(folder, name) for name in os.listdir(folder)
        if name.endswith(".parquet") and not name.startswith(("_", ".")))


def _leaves(schema):
    """Dotted names of what is no struct."""
    found = []

    def walk(prefix, fields):
        for field in fields:
            name = prefix + field.name
            if pyarrow.types.is_struct(field.type):
                walk(name + ".", [field.type.field(i) for i in range(field.type.num_fields)])
            else:
                found.append(name)

    walk("", schema)
    return found


def _chosen(columns, known):
    chosen = []
    for column in [columns] if isinstance(columns, str) else columns:
        found = [k for k in known if k == column or k.startswith(column + ".")]
        if not found:
            near = difflib.get_close_matches(column, known, 1)
            raise KeyError(
                f"no column {column!r}" + (f"; did you mean {near[0]!r}?" if near else "")
                + " results-schema/SCHEMA.md lists them all")
        chosen += [f for f in found if f not in chosen]
    return chosen


def _read(files, leaves):
    parts = []
    for file in files:
        parquet = pyarrow.parquet.ParquetFile(file)
        names = None if leaves is None else leaves
        table = parquet.read(columns=names)
        while any(pyarrow.types.is_struct(f.type) for f in table.schema):
            table = table.flatten()
        parts.append(table)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pyarrow.concat_tables(parts, promote_options="default").to_pandas()


def cell(table, cell_id):
    """The row of a cell, by the beginning of its name."""
    found = table[table["cell_id"].str.startswith(cell_id)]
    if len(found) != 1:
        raise KeyError(f"{len(found)} cells begin with {cell_id!r}")
    return found.iloc[0]


def _balances(row, network):
    accuracy = row[network + ".test.accuracy"]
    return [c / n / accuracy - 1 if n else 0.0
            for c, n in zip(row[network + ".test.class_correct"], row[network + ".test.class_support"])]


def alpha(row):
    """Recall distortion of a cell against its dense network (Good et al. 2022, arXiv:2206.02976):
    the slope through the origin of its normalised recall balances on the dense ones; NaN where
    there is none: a regression, a failed cell, a network that is never right or gives one answer."""
    for network in ("dense", "fine_tuned"):
        accuracy = row[network + ".test.accuracy"]
        if pandas.isna(accuracy) or accuracy == 0 or not pandas.isna(row[network + ".test.constant_class"]):
            return float("nan")
    x, y = _balances(row, "dense"), _balances(row, "fine_tuned")
    square = sum(v * v for v in x)
    return sum(a * b for a, b in zip(x, y)) / square if square else float("nan")


def stability(row):
    """Mean stability of a cell's prunings (Bartoldson et al. 2020, arXiv:1906.03728); 1 for a
    control, NaN where no pruning has an instability."""
    if row["condition.method"] == "control":
        return 1.0
    events = row["events"]
    found = [e["instability"] for e in ([] if events is None else events)
             if e["kind"] in _INTERVENTIONS and e["instability"] is not None]
    return 1 - sum(found) / len(found) if found else float("nan")


def with_control(table):
    """The pruned cells that completed, each with the fine-tuned control of its setting and seed in
    columns that begin with "control."; cells without one are left out."""
    done = table[table["status"] == "COMPLETED"]
    same = ["seed", "condition.architecture", "condition.dataset", "condition.dataset_fingerprint",
            "condition.noise", "condition.recipe", "condition.recipe_settings", "condition.schedule",
            "identity.numerics", "identity.science"]
    control = done[done["condition.control"] == "fine-tuned"]
    pruned = done[done["condition.method"] != "control"]
    renamed = control.rename(columns={c: "control." + c for c in control.columns if c not in same})
    return pruned.merge(renamed, on=same)
