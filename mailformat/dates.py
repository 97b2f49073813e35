from datetime import tzinfo, UTC
def parse(value: bytes | str) -> int | None:
    raise NotImplementedError
def format_rfc5322(unix: int, tz: tzinfo = UTC) -> str:
    raise NotImplementedError
