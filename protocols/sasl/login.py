"""LOGIN (draft-murchison-sasl-login-00): two prompts, obsolete but asked for by many clients."""

from protocols.sasl.plain import MAX_FIELD_OCTETS
from protocols.sasl.proofs import PasswordProof
from protocols.sasl.steps import Challenge, Done, Failed, Keys, SaslContext, Step

# The words of section 2 of the draft; some clients compare them.
ASK_USER = b"Username:"
ASK_PASSWORD = b"Password:"


class Login:
    """An initial response is not in the draft, but clients send the user name in it."""

    name = "LOGIN"

    def __init__(self, context: SaslContext) -> None:
        self._context = context
        self._user: str | None = None

    def start(self, initial: bytes | None) -> Step:
        return Challenge(ASK_USER) if initial is None or initial == b"" else self.step(initial)

    def step(self, response: bytes) -> Step:
        if not response or len(response) > MAX_FIELD_OCTETS:
            return Failed("LOGIN: empty or too long")
        try:
            text = response.decode("utf-8")
        except UnicodeDecodeError:
            return Failed("LOGIN: not UTF-8")
        if "\0" in text:
            return Failed("LOGIN: NUL")
        if self._user is None:
            self._user = text
            return Challenge(ASK_PASSWORD)
        return Done(PasswordProof(self._user, "", text, self.name))

    def provide(self, keys: Keys) -> Step:
        return Failed("LOGIN takes no keys")
