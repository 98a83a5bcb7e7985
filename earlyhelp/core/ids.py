import os
import time
from uuid import UUID

TIME, VERSION, VARIANT = 80, 7 << 76, 2 << 62  # where they stand in the 128 bits
RANDOM = (1 << 76) - 1 - (3 << 62)


def ordered_id() -> UUID:
    """A random id that begins with the time (UUID version 7): of a table that grows fast, new rows stand together in its index."""
    chance = int.from_bytes(os.urandom(10)) & RANDOM
    return UUID(int=(time.time_ns() // 1_000_000) << TIME | VERSION | VARIANT | chance)
