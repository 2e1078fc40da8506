"""The options that several commands on tasks have."""

from typing import Annotated

import typer

from taskharbor.entrypoints.cli.completion.candidates import complete_list, complete_tag, complete_task

TaskWords = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="ID...",
        help="Ids, unique beginnings of uids, or - for those on standard input.",
        autocompletion=complete_task,
        show_default=False,
    ),
]
FilterOption = Annotated[
    str | None, typer.Option("--filter", "-f", metavar="FILTER", help="All tasks that match, such as 'tags:home'.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before many tasks are changed.")]
DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="Show what would be, and write nothing.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Do not show what was changed.")]
Subtasks = Annotated[
    str, typer.Option("--subtasks", metavar="WHAT", help="What becomes of open subtasks: complete, end or leave.")
]
Dependencies = Annotated[
    str, typer.Option("--dependencies", metavar="WHAT", help="ignore completes it before those it depends on.")
]
Fence = Annotated[int | None, typer.Option("--fence", metavar="N", help="That of the claim under which it is done.")]
Limit = Annotated[int, typer.Option("--limit", "-l", metavar="N", help="At most so many, up to 1000.")]
Description = Annotated[str | None, typer.Option("--description", "-d", metavar="TEXT", help="Markdown.")]
Due = Annotated[
    str | None,
    typer.Option("--due", metavar="WHEN", help="2026-12-01, '2026-12-01 18:00', tomorrow, today+7d, eow..."),
]
Start = Annotated[str | None, typer.Option("--start", metavar="WHEN", help="When it can be begun; as --due.")]
Priority = Annotated[
    int | None, typer.Option("--priority", "-p", metavar="N", help="1 (highest) to 9 (lowest); 0 is undefined.")
]
Estimate = Annotated[str | None, typer.Option("--estimate", metavar="DURATION", help="How long it takes: PT1H30M.")]
Tags = Annotated[
    list[str] | None,
    typer.Option("--tag", "-t", metavar="TAG", help="A tag; can be repeated.", autocompletion=complete_tag),
]
InList = Annotated[
    str | None,
    typer.Option("--list", metavar="LIST", help="The name or number of a list.", autocompletion=complete_list),
]
Repeat = Annotated[
    str | None, typer.Option("--repeat", metavar="RRULE", help="How it recurs (RFC 5545): FREQ=WEEKLY;BYDAY=MO.")
]
Parent = Annotated[
    str | None,
    typer.Option("--parent", metavar="ID", help="The task of which it is a part.", autocompletion=complete_task),
]
