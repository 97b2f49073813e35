"""PLAIN (RFC 4616)."""

from protocols.sasl.proofs import PasswordProof
from protocols.sasl.steps import Challenge, Done, Failed, Keys, SaslContext, Step

# RFC 4616 section 2 gives each field up to 255 octets (the SAFE grammar of RFC 2222's time);
# long pass phrases in UTF-8 go over that, so the limit is ours.
MAX_FIELD_OCTETS = 1024


class Plain:
    """message = [authzid] NUL authcid NUL passwd."""

    name = "PLAIN"

    def __init__(self, context: SaslContext) -> None:
        self._context = context

    def start(self, initial: bytes | None) -> Step:
        return Challenge(b"") if initial is None else self.step(initial)

    def step(self, response: bytes) -> Step:
        fields = response.split(b"\0")
        if len(fields) != 3:
            return Failed("PLAIN: two NULs expected")
        if any(len(octets) > MAX_FIELD_OCTETS for octets in fields):
            return Failed("PLAIN: a field is too long")
        try:
            authzid, authcid, password = (octets.decode("utf-8") for octets in fields)
        except UnicodeDecodeError:
            return Failed("PLAIN: not UTF-8")
        if not authcid or not password:
            return Failed("PLAIN: empty user name or password")
        return Done(PasswordProof(authcid, authzid, password, self.name))

    def provide(self, keys: Keys) -> Step:
        return Failed("PLAIN takes no keys")
