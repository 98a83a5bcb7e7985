from typing import Any

import structlog
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)


class OneClient(RedisCacheClient):
    """One that asks by the same client each time: to make one anew took longer than to ask."""

    _asking: Any = None

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        self._asking = self._asking or super().get_client(key, write=write)
        return self._asking


class ForgivingCache(RedisCache):
    """A cache that may be away: nothing is found in it then, and nothing is kept. What counts tries in it (one-time codes)
    finds that it can't, and refuses."""

    def __init__(self, server: Any, params: Any) -> None:
        super().__init__(server, params)
        self._class = OneClient

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._try(default, super().get, key, default, version)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._try(None, super().set, key, value, timeout, version)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._try(False, super().add, key, value, timeout, version))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self._try(False, super().delete, key, version))

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return bool(self._try(False, super().has_key, key, version))

    def _try(self, away: Any, ask: Any, *arguments: Any) -> Any:
        try:
            return ask(*arguments)
        except RedisError as error:
            log.warning("the cache is away", kind=type(error).__name__)
            return away
