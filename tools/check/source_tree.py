"""The files of the project as the rules see them: read once, without what is generated."""
import contextlib
import os
import shutil
import tempfile
from functools import cached_property
from pathlib import Path

from cpp_text import blank_comments

FOLDERS_IGNORED = {".git", "build", "__pycache__"}
NOT_OURS = "grammar/"  # the generated parser, and what stands in for a header of its runtime
CPP_SUFFIXES = (".h", ".cpp", ".def")


class SourceFile:
    """One file. Lines count from 1; `code` is the text with its comments blanked, same length."""

    def __init__(self, root, path):
        self.path = path
        self._on_disk = Path(root, path)

    @cached_property
    def text(self):
        return self._on_disk.read_text(encoding="utf-8", errors="surrogateescape")

    @cached_property
    def code(self):
        return blank_comments(self.text, blank_strings=False)

    @cached_property
    def bare_code(self):
        """The code with the insides of string and character literals blanked too."""
        return blank_comments(self.text, blank_strings=True)

    @property
    def is_executable(self):
        return os.access(self._on_disk, os.X_OK)

    def code_line_count(self):
        return sum(1 for line in self.code.splitlines() if line.strip())

    def line_at(self, offset):
        return self.text.count("\n", 0, offset) + 1


class Tree:
    def __init__(self, root):
        self.root = Path(root)
        self.files = [SourceFile(root, path) for path in sorted(self._walk())]

    def _walk(self):
        for folder, subfolders, names in os.walk(self.root):
            subfolders[:] = [name for name in subfolders if name not in FOLDERS_IGNORED]
            for name in names:
                yield Path(folder, name).relative_to(self.root).as_posix()

    def cpp(self, *prefixes):
        """C++ files that people wrote, below the prefixes given, or all."""
        return [
            file
            for file in self.files
            if file.path.endswith(CPP_SUFFIXES)
            and not file.path.startswith(NOT_OURS)
            and (not prefixes or file.path.startswith(prefixes))
        ]

    def headers(self):
        return [file for file in self.cpp() if file.path.endswith(".h")]

    def with_suffix(self, *suffixes):
        return [file for file in self.files if file.path.endswith(suffixes)]

    def text_files(self):
        """Everything that people wrote; corpora and certificates are bytes."""
        for file in self.files:
            is_bytes = "/corpus/" in file.path or file.path.startswith("grammar/generated/")
            if not is_bytes and "\0" not in file.text:
                yield file

    def get(self, path):
        return next((file for file in self.files if file.path == path), None)


@contextlib.contextmanager
def temporary_tree(files):
    """A tree of {path: text} on disk, for the trial of a rule."""
    root = tempfile.mkdtemp(prefix="check-")
    try:
        for path, text in files.items():
            on_disk = Path(root, path)
            on_disk.parent.mkdir(parents=True, exist_ok=True)
            on_disk.write_text(text, encoding="utf-8")
        yield Tree(root)
    finally:
        shutil.rmtree(root)
