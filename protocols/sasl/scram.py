"""SCRAM-SHA-256 and SCRAM-SHA-1, each with its -PLUS (RFC 5802, RFC 7677), the server's side.

The mechanism checks the form, the nonce and the channel binding. Whether ClientProof is right is
security.authentication's to say: it gets a ScramProof and reads the stored key itself.
"""

import base64
import binascii
import hashlib
import hmac
import re

from protocols.sasl.proofs import ScramProof
from protocols.sasl.saslprep import ProhibitedCharacter, saslprep
from protocols.sasl.steps import Challenge, Done, Failed, Keys, NeedScramKeys, SaslContext, ScramKeys, Step

MAX_MESSAGE_OCTETS = 4096  # a client's message holds names and one nonce; RFC 5802 sets no limit
# gs2-header and client-first-message-bare (RFC 5802 section 7); "m=" extensions are refused by not matching.
_CLIENT_FIRST = re.compile(
    r"(?P<gs2>(?P<flag>[ny]|p=(?P<binding>[A-Za-z0-9.-]+)),(?:a=(?P<authzid>[^,\0]+))?,)"
    r"(?P<bare>n=(?P<user>[^,\0]+),r=(?P<nonce>[\x21-\x2B\x2D-\x7E]+)(?:,[A-Za-z]=[^,\0]+)*)"
)
_CLIENT_FINAL = re.compile(
    r"(?P<without_proof>c=(?P<cbind>[A-Za-z0-9+/=]+),r=(?P<nonce>[\x21-\x2B\x2D-\x7E]+)(?:,[A-Za-z]=[^,\0]+)*)"
    r",p=(?P<proof>[A-Za-z0-9+/=]+)"
)


def derive_keys(password: str, salt: bytes, iterations: int, hash_name: str = "sha256") -> ScramKeys:
    """StoredKey and ServerKey of a password that has been through SASLprep (RFC 5802 section 3)."""
    salted = hashlib.pbkdf2_hmac(hash_name, password.encode(), salt, iterations)
    stored_key = hashlib.new(hash_name, hmac.digest(salted, b"Client Key", hash_name)).digest()
    return ScramKeys(salt, iterations, stored_key, hmac.digest(salted, b"Server Key", hash_name))


def verify(keys: ScramKeys, auth_message: bytes, client_proof: bytes, hash_name: str = "sha256") -> bool:
    """Whether ClientProof shows the ClientKey behind StoredKey; constant-time comparison."""
    signature = hmac.digest(keys.stored_key, auth_message, hash_name)
    if len(client_proof) != len(signature):
        return False
    client_key = bytes(a ^ b for a, b in zip(client_proof, signature, strict=True))
    return hmac.compare_digest(hashlib.new(hash_name, client_key).digest(), keys.stored_key)


def hash_of(mechanism: str) -> str:
    """hashlib's name of the hash in a mechanism's name."""
    return "sha1" if mechanism.startswith("SCRAM-SHA-1") else "sha256"


def _name(escaped: str) -> str:
    """saslname: "=2C" is a comma, "=3D" an equals sign, any other "=" is an error (RFC 5802 section 5.1)."""
    if re.search("=(?!2C|3D)", escaped):
        raise ValueError("malformed name")
    return saslprep(escaped.replace("=2C", ",").replace("=3D", "="))


class ScramSha256:
    """client-first -> (keys) -> server-first -> client-final -> proof, with server-final ready."""

    name = "SCRAM-SHA-256"
    hash_name = "sha256"
    plus = False

    def __init__(self, context: SaslContext) -> None:
        self._context = context
        self._authcid = self._authzid = ""
        self._gs2 = b""
        self._binding = b""
        self._client_first_bare = ""
        self._nonce = ""
        self._server_first = ""
        self._keys: ScramKeys | None = None

    def start(self, initial: bytes | None) -> Step:
        return Challenge(b"") if initial is None else self.step(initial)

    def step(self, response: bytes) -> Step:
        if len(response) > MAX_MESSAGE_OCTETS:
            return Failed(f"{self.name}: message too long")
        try:
            text = response.decode("utf-8")
            return self._client_final(text) if self._keys else self._client_first(text)
        except (UnicodeDecodeError, ProhibitedCharacter, binascii.Error):
            return Failed(f"{self.name}: malformed message")
        except ValueError as error:
            return Failed(f"{self.name}: {error}")

    def provide(self, keys: Keys) -> Step:
        if not self._nonce or not isinstance(keys, ScramKeys):
            return Failed(f"{self.name}: keys out of turn")
        self._keys = keys
        salt = base64.b64encode(keys.salt).decode()
        self._server_first = f"r={self._nonce},s={salt},i={keys.iterations}"
        return Challenge(self._server_first.encode())

    def _client_first(self, text: str) -> Step:
        match = _CLIENT_FIRST.fullmatch(text)
        if match is None or self._nonce:
            raise ValueError("malformed message")
        self._choose_binding(match["flag"], match["binding"])
        self._authzid = _name(match["authzid"]) if match["authzid"] else ""
        self._authcid = _name(match["user"])
        self._gs2 = match["gs2"].encode()
        self._client_first_bare = match["bare"]
        self._nonce = match["nonce"] + self._context.nonce_source()
        return NeedScramKeys(self._authcid, self.hash_name)

    def _choose_binding(self, flag: str, binding: str | None) -> None:
        """RFC 5802 section 6: -PLUS means p=, and "y" means that somebody hid our -PLUS."""
        if self.plus != (binding is not None):
            raise ValueError("channel binding and mechanism do not fit")
        if flag == "y" and self._context.plus_announced:
            raise ValueError("the client did not see that channel binding was offered")
        if binding is not None:
            if binding not in self._context.channel_bindings:
                raise ValueError("unsupported channel binding type")
            self._binding = self._context.channel_bindings[binding]

    def _client_final(self, text: str) -> Step:
        match = _CLIENT_FINAL.fullmatch(text)
        if match is None:
            raise ValueError("malformed message")
        if not hmac.compare_digest(match["nonce"].encode(), self._nonce.encode()):
            raise ValueError("the nonce is not ours")
        bound = base64.b64decode(match["cbind"], validate=True)
        if not hmac.compare_digest(bound, self._gs2 + self._binding):
            raise ValueError("channel bindings do not match")
        message = ",".join((self._client_first_bare, self._server_first, match["without_proof"])).encode()
        proof = base64.b64decode(match["proof"], validate=True)
        assert self._keys is not None  # step() comes here with keys only
        signature = base64.b64encode(hmac.digest(self._keys.server_key, message, self.hash_name))
        return Done(ScramProof(self._authcid, self._authzid, message, proof, self.name), b"v=" + signature)


class ScramSha256Plus(ScramSha256):
    """The same, bound to the TLS channel (RFC 5929, RFC 9266)."""

    name = "SCRAM-SHA-256-PLUS"
    plus = True


class ScramSha1(ScramSha256):
    """The mechanism of RFC 5802 itself, for clients that are older than RFC 7677."""

    name = "SCRAM-SHA-1"
    hash_name = "sha1"


class ScramSha1Plus(ScramSha1):
    """The same, bound to the TLS channel."""

    name = "SCRAM-SHA-1-PLUS"
    plus = True
