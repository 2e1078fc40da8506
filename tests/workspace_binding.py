"""Whether SQL keeps within a workspace: the statement is parsed, and its tree walked.

A row of a table is reached only if its workspace equals a parameter, directly or through a row of another table. That
is looked for in the conditions without which a row cannot be found: those of WHERE and ON that AND joins.
"""

from collections.abc import Iterator
from typing import Final, TypeAlias

from sqlglot import exp, parse_one

KEYS: Final = {"workspaces": "id", "tasks": "workspace", "records": "workspace", "history": "workspace"}
"""The column of each table that names the workspace. SQLite's index of words has none: its tokens begin with it."""

NAMES_ALL_WORKSPACES: Final = ("SELECT workspaces.id FROM workspaces WHERE",)
"""How the one statement begins that is to go through the workspaces, for housekeeping."""

Column: TypeAlias = tuple[int, str]
"""The block in which a table is read, and what it is called there."""


def unbound(sql: str, dialect: str) -> list[str]:
    """Return what a statement reads or writes without binding the workspace to a parameter. Empty if it is fine."""
    if " ".join(sql.split()).startswith(NAMES_ALL_WORKSPACES):
        return []
    tree = parse_one(sql, dialect=dialect)
    bound = _bound(tree)
    wrong = [
        f"{table.name} as {table.alias_or_name}"
        for table in tree.find_all(exp.Table)
        if table.name in KEYS and not _is_written_to(table) and (id(_block(table)), table.alias_or_name) not in bound
    ]
    wrong += [f"INSERT INTO {_table_of(into)}" for into in tree.find_all(exp.Insert) if not _inserts_bound(into)]
    return wrong + [f"UPDATE {_table_of(one)} moves rows" for one in tree.find_all(exp.Update) if _moves_rows(one)]


def _bound(tree: exp.Expression) -> set[Column]:
    bound: set[Column] = set()
    pairs: list[tuple[Column, Column]] = []
    for equality in tree.find_all(exp.EQ):
        if not _is_required(equality):
            continue
        sides = equality.this, equality.expression
        match [place for place in map(_workspace_column, sides) if place is not None]:
            case [one, other]:
                pairs.append((one, other))
            case [one] if any(_is_parameter(side) for side in sides):
                bound.add(one)
            case _:
                pass
    while more := {one for a, b in pairs for one, other in ((a, b), (b, a)) if other in bound} - bound:
        bound |= more
    return bound


def _workspace_column(element: exp.Expression) -> Column | None:
    """Return which table's workspace a column is, if it is one; a subquery may only pass it on."""
    if not isinstance(element, exp.Column):
        return None
    for block in _blocks(element):
        for table in _tables(block):
            if table.alias_or_name == element.table:
                return (id(block), element.table) if KEYS.get(table.name) == element.name else None
        for subquery in block.find_all(exp.Subquery):
            if subquery.alias == element.table and _block(subquery) is block and isinstance(subquery.this, exp.Select):
                named = (one for one in subquery.this.expressions if one.alias_or_name == element.name)
                return _workspace_column(next(named, exp.Null()).unalias())
    return None


def _block(element: exp.Expression) -> exp.Expression | None:
    return next(_blocks(element), None)


def _blocks(element: exp.Expression) -> Iterator[exp.Expression]:
    """Yield the statement or subquery that an element is in, then those around it."""
    around = element.parent
    while around is not None:
        if isinstance(around, exp.Select | exp.Update | exp.Delete | exp.Insert):
            yield around
        around = around.parent


def _tables(block: exp.Expression) -> Iterator[exp.Table]:
    return (table for table in block.find_all(exp.Table) if _block(table) is block)


def _is_required(condition: exp.Expression) -> bool:
    """Return whether no row is found for which it does not hold."""
    around = condition.parent
    while isinstance(around, exp.And | exp.Paren):
        around = around.parent
    return isinstance(around, exp.Where | exp.Join)


def _is_parameter(element: exp.Expression) -> bool:
    while isinstance(element, exp.Cast | exp.Paren):
        element = element.this
    return isinstance(element, exp.Placeholder | exp.Parameter)


def _is_written_to(table: exp.Table) -> bool:
    """Return whether rows are added to it, which `_inserts_bound` looks at."""
    around = table.parent
    return isinstance(around, exp.Insert) or (isinstance(around, exp.Schema) and isinstance(around.parent, exp.Insert))


def _table_of(statement: exp.Insert | exp.Update) -> str:
    into = statement.this.this if isinstance(statement.this, exp.Schema) else statement.this
    return str(into.name)


def _inserts_bound(insert: exp.Insert) -> bool:
    key = KEYS.get(_table_of(insert))
    if key is None:
        return True
    if not isinstance(insert.this, exp.Schema):
        return False
    names = [str(column.name) for column in insert.this.expressions]
    if key not in names:
        return False
    place = names.index(key)
    source = insert.expression
    rows = [row.expressions for row in source.expressions] if isinstance(source, exp.Values) else [source.expressions]
    return all(_is_parameter(row[place].unalias()) for row in rows)


def _moves_rows(update: exp.Update) -> bool:
    key = KEYS.get(_table_of(update))
    return any(isinstance(one, exp.EQ) and one.this.name == key for one in update.expressions)
