"""todo.txt by its own rules and examples: https://github.com/todotxt/todo.txt."""

import pytest

from taskharbor.adapters.interchange.todotxt.line import line_from
from taskharbor.domain.tasks.progress import Progress
from unit.interchange.files import draft, task, written

SPECIFICATION = [
    ("(A) Call Mom", "Call Mom", 1, None, False),
    ("Really gotta call Mom (A) @phone @someday", "Really gotta call Mom (A)", 0, None, False),
    ("(b) Get back to the boss", "(b) Get back to the boss", 0, None, False),
    ("(B)->Submit TPS report", "(B)->Submit TPS report", 0, None, False),
    ("(AA) two letters", "(AA) two letters", 0, None, False),
    ("2011-03-02 Document +TodoTxt task format", "Document task format", 0, "2011-03-02", False),
    ("(A) 2011-03-02 Call Mom", "Call Mom", 1, "2011-03-02", False),
    ("(A) Call Mom 2011-03-02", "Call Mom 2011-03-02", 1, None, False),
    ("Email SoAndSo at soandso@example.com", "Email SoAndSo at soandso@example.com", 0, None, False),
    ("Learn how to add 2+2", "Learn how to add 2+2", 0, None, False),
    ("x 2011-03-03 Call Mom", "Call Mom", 0, None, True),
    ("xylophone lesson", "xylophone lesson", 0, None, False),
    ("X 2012-01-01 Make resolutions", "X 2012-01-01 Make resolutions", 0, None, False),
    ("(A) x Find ticket prices", "x Find ticket prices", 1, None, False),
    ("x 2011-03-02 2011-03-01 Review Tim's pull request +TodoTxtTouch @github", "Review Tim's pull request", 0,
     "2011-03-01", True),
    ("x (A) 2016-05-20 2016-04-30 measure space for +chapelShelving @chapel due:2016-05-30", "measure space for", 1,
     "2016-04-30", True),
    ("x 2016-05-20 (A) 2016-04-30 as pytodotxt has it", "as pytodotxt has it", 1, "2016-04-30", True),
    ("a:b:c is no pair, nor is x:", "a:b:c is no pair, nor is x:", 0, None, False),
]  # fmt: skip


@pytest.mark.parametrize(("line", "title", "priority", "created", "is_completed"), SPECIFICATION)
def test_the_examples_of_the_specification_are_read_as_it_says(line, title, priority, created, is_completed):
    found = draft("todotxt", line)
    assert (found.changes.title, found.changes.priority) == (title, priority)
    assert (found.created.date().isoformat() if found.created else None) == created
    assert (found.changes.progress is Progress.COMPLETED) is is_completed


def test_a_line_of_blanks_and_tabs_is_split_once():
    splits = []

    class Counted(str):
        __slots__ = ()

        def split(self, *arguments, **named):
            splits.append(len(self))
            return [Counted(word) for word in super().split(*arguments, **named)]

    line_from(Counted("\t " * 16_000 + "@a" + "\t" * 16_000 + "+b k:v"))
    assert len(splits) == 1


@pytest.mark.parametrize("line", [" x a", "\tx a", " (A) a", "x\ta", "(A)\ta", " 2026-01-01 a", "x\u00a0a b"])
def test_marks_stand_at_the_very_beginning_with_a_space_after_them(line: str):
    found = task("todotxt", line)
    assert (found.progress, found.priority, found.title) == (Progress.NEEDS_ACTION, 0, " ".join(line.split()))
    assert written("todotxt", found).decode() == f"{line}\n"
