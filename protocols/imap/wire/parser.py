"""RawCommand -> Command: the tag, the name, then the command's own parser."""

from collections.abc import Set

from protocols.imap.wire.commands import (
    append,
    authenticate,
    cancelupdate,
    capability,
    check,
    close,
    compress,
    copy,
    create,
    delete,
    deleteacl,
    enable,
    esearch,
    examine,
    expunge,
    fetch,
    getacl,
    getannotation,
    getmetadata,
    getquota,
    getquotaroot,
    id,
    idle,
    language,
    list,
    listrights,
    login,
    logout,
    lsub,
    move,
    myrights,
    namespace,
    noop,
    notify,
    rename,
    replace,
    search,
    select,
    setacl,
    setannotation,
    setmetadata,
    setquota,
    sort,
    starttls,
    status,
    store,
    subscribe,
    thread,
    uidbatches,
    unauthenticate,
    unselect,
    unsubscribe,
    xlist,
)
from protocols.imap.wire.commands.base import Command, Parser
from protocols.imap.wire.dialect import is_gone
from protocols.imap.wire.errors import BadSyntax, Refusal
from protocols.imap.wire.framer import RawCommand
from protocols.imap.wire.scanner import Scanner

PARSERS: dict[str, Parser] = {
    "APPEND": append.parse, "AUTHENTICATE": authenticate.parse, "CAPABILITY": capability.parse, "CHECK": check.parse,
    "CLOSE": close.parse, "COMPRESS": compress.parse, "COPY": copy.parse, "CREATE": create.parse,
    "DELETE": delete.parse, "ENABLE": enable.parse,
    "EXAMINE": examine.parse, "EXPUNGE": expunge.parse, "FETCH": fetch.parse,
    "GETQUOTA": getquota.parse, "GETQUOTAROOT": getquotaroot.parse, "ID": id.parse, "IDLE": idle.parse,
    "LIST": list.parse, "LOGIN": login.parse, "LOGOUT": logout.parse, "LSUB": lsub.parse, "MOVE": move.parse,
    "NAMESPACE": namespace.parse, "NOOP": noop.parse, "NOTIFY": notify.parse,
    "RENAME": rename.parse, "REPLACE": replace.parse,
    "SEARCH": search.parse, "SELECT": select.parse, "STARTTLS": starttls.parse, "STATUS": status.parse,
    "STORE": store.parse, "SUBSCRIBE": subscribe.parse, "UNSELECT": unselect.parse, "UNSUBSCRIBE": unsubscribe.parse,
    "XLIST": xlist.parse, "SETQUOTA": setquota.parse,
    "UIDBATCHES": uidbatches.parse, "UNAUTHENTICATE": unauthenticate.parse, "LANGUAGE": language.parse,
    "DELETEACL": deleteacl.parse, "GETACL": getacl.parse, "LISTRIGHTS": listrights.parse, "MYRIGHTS": myrights.parse,
    "SETACL": setacl.parse,
    "GETANNOTATION": getannotation.parse, "SETANNOTATION": setannotation.parse,
    "GETMETADATA": getmetadata.parse, "SETMETADATA": setmetadata.parse,
    "SORT": sort.parse, "THREAD": thread.parse, "CANCELUPDATE": cancelupdate.parse, "ESEARCH": esearch.parse,
}  # fmt: skip
# uid = "UID" SP (copy / fetch / search / store), and UIDPLUS's and MOVE's
UID_PARSERS: dict[str, Parser] = {
    "COPY": lambda tag, scan: copy.parse(tag, scan, uid=True),
    "EXPUNGE": lambda tag, scan: expunge.parse(tag, scan, uid=True),
    "FETCH": lambda tag, scan: fetch.parse(tag, scan, uid=True),
    "MOVE": lambda tag, scan: move.parse(tag, scan, uid=True),
    "REPLACE": lambda tag, scan: replace.parse(tag, scan, uid=True),
    "SEARCH": lambda tag, scan: search.parse(tag, scan, uid=True),
    "SORT": lambda tag, scan: sort.parse(tag, scan, uid=True),
    "STORE": lambda tag, scan: store.parse(tag, scan, uid=True),
    "THREAD": lambda tag, scan: thread.parse(tag, scan, uid=True),
}


def parse(raw: RawCommand, enabled: Set[str] = frozenset()) -> Command:
    """The command, or a Refusal that knows the tag (b"*" where there was none); `enabled`: wire.dialect."""
    scan = Scanner(raw.parts, enabled)
    tag = b"*"
    try:
        tag = scan.tag()
        scan.space()
        command = _find(scan)(tag, scan)
        scan.end()
    except Refusal as refusal:
        refusal.tag = tag
        raise
    return command


def _find(scan: Scanner) -> Parser:
    name, parsers = scan.word(), PARSERS
    if name == "UID":
        scan.space()
        name, parsers = scan.word(), UID_PARSERS
    if name not in parsers or is_gone(name, scan.enabled):
        raise BadSyntax("Unknown command")
    return parsers[name]
