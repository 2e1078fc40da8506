"""The statements that find tasks and records by their keys."""

from sqlalchemy import ARRAY, BigInteger, String, Text, any_, bindparam, column, func, select, tuple_

from taskharbor.adapters.sqlalchemy.postgres.array_rows import expect_few_rows
from taskharbor.adapters.sqlalchemy.postgres.dialect import BLOCKED, DIALECT
from taskharbor.adapters.sqlalchemy.queries import task_queries as reads
from taskharbor.adapters.sqlalchemy.rows.record_rows import RECORD_COLUMNS
from taskharbor.adapters.sqlalchemy.statement import Statement
from taskharbor.adapters.sqlalchemy.tables import UidColumn, records, tasks

_ONE = tasks.c.id == bindparam("id", type_=BigInteger)
_ASKED = expect_few_rows(
    func.unnest(bindparam("ids", type_=ARRAY(BigInteger))).table_valued(column("id", BigInteger)), "asked"
)
_MANY = tasks.c.id == _ASKED.c.id
LOAD_ONE = Statement(reads.load_tasks(_ONE), DIALECT)
LOAD_MANY = Statement(reads.load_tasks(_MANY), DIALECT)
FIND_UIDS = Statement(reads.find_uids(tasks.c.uid == any_(bindparam("uids", type_=ARRAY(UidColumn)))), DIALECT)
LOAD_RECORDS = Statement(
    select(*RECORD_COLUMNS).where(
        records.c.workspace == reads.WORKSPACE,
        tuple_(records.c.kind, records.c.key).in_(
            select(
                func.unnest(bindparam("kinds", type_=ARRAY(String)), bindparam("keys", type_=ARRAY(Text)))
                .table_valued(column("kind", String), column("key", Text))
                .render_derived()
            )
        ),
    ),
    DIALECT,
)
GET_ONE = Statement(reads.get_tasks(BLOCKED, _ONE), DIALECT)
GET_MANY = Statement(reads.get_tasks(BLOCKED, _MANY), DIALECT)
