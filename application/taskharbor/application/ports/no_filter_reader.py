"""What stands in for a reader of filters where nobody brought one."""

from taskharbor.application.errors import MissingDependency
from taskharbor.application.ports.filter_parser import FilterReader
from taskharbor.domain.search.filter_ast import Syntax


class NoFilterReader(FilterReader):
    """Refuses every text. Filters that are put together by hand need no reader."""

    def read(self, text: str) -> Syntax:  # noqa: ARG002  # that of the port
        """Raise the error.

        Raises:
            MissingDependency: always.
        """
        raise MissingDependency("lark", purpose="to read filters", extra="filter")
