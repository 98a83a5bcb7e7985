"""Where uploaded files are kept."""

import weakref
from contextlib import suppress
from typing import Any

from django.core.files.storage import FileSystemStorage
from django.db import connection, transaction


class TransactionalStorage(FileSystemStorage):
    """A file that is saved inside a transaction goes with it, or with its savepoint, when that is undone.

    Django tells of a commit, but of no rollback: there it forgets what waits for the commit. So the file goes when what
    waits for its commit is forgotten. Where it isn't sure that the transaction was undone (the connection broke while
    it was committed), the file stays: a file without a row does less harm than a row without its file.
    """

    def _save(self, name: str, content: Any) -> str:
        try:
            name = super()._save(name, content)  # type: ignore[misc]
        except OSError:
            with suppress(OSError):
                self.delete(name)  # no piece of it stays
            raise

        def keep() -> None:
            undo.detach()

        undo: Any = weakref.finalize(keep, self._undo, name)
        undo.atexit = False
        transaction.on_commit(keep)
        return name

    def _undo(self, name: str) -> None:
        database: Any = connection.connection
        undoing = not connection.autocommit and database is not None and not database.closed
        if undoing:
            self.delete(name)
