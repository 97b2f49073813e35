"""state -> command -> handler. A command that is not allowed in a state is a missing key (RFC 3501 section 6)."""

from collections.abc import Callable
from typing import Any

from protocols.imap.answer import Answer
from protocols.imap.handlers import (
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
from protocols.imap.state import State
from protocols.imap.wire.commands.append import Append
from protocols.imap.wire.commands.authenticate import Authenticate
from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.commands.cancelupdate import CancelUpdate
from protocols.imap.wire.commands.capability import Capability
from protocols.imap.wire.commands.check import Check
from protocols.imap.wire.commands.close import Close
from protocols.imap.wire.commands.compress import Compress
from protocols.imap.wire.commands.copy import Copy
from protocols.imap.wire.commands.create import Create
from protocols.imap.wire.commands.delete import Delete
from protocols.imap.wire.commands.deleteacl import DeleteAcl
from protocols.imap.wire.commands.enable import Enable
from protocols.imap.wire.commands.esearch import Esearch
from protocols.imap.wire.commands.examine import Examine
from protocols.imap.wire.commands.expunge import Expunge
from protocols.imap.wire.commands.fetch import Fetch
from protocols.imap.wire.commands.getacl import GetAcl
from protocols.imap.wire.commands.getannotation import GetAnnotation
from protocols.imap.wire.commands.getmetadata import GetMetadata
from protocols.imap.wire.commands.getquota import GetQuota
from protocols.imap.wire.commands.getquotaroot import GetQuotaRoot
from protocols.imap.wire.commands.id import Id
from protocols.imap.wire.commands.idle import Idle
from protocols.imap.wire.commands.language import Language
from protocols.imap.wire.commands.list import List
from protocols.imap.wire.commands.listrights import ListRights
from protocols.imap.wire.commands.login import Login
from protocols.imap.wire.commands.logout import Logout
from protocols.imap.wire.commands.lsub import Lsub
from protocols.imap.wire.commands.move import Move
from protocols.imap.wire.commands.myrights import MyRights
from protocols.imap.wire.commands.namespace import Namespace
from protocols.imap.wire.commands.noop import Noop
from protocols.imap.wire.commands.notify import Notify
from protocols.imap.wire.commands.rename import Rename
from protocols.imap.wire.commands.replace import Replace
from protocols.imap.wire.commands.search import Search
from protocols.imap.wire.commands.select import Select
from protocols.imap.wire.commands.setacl import SetAcl
from protocols.imap.wire.commands.setannotation import SetAnnotation
from protocols.imap.wire.commands.setmetadata import SetMetadata
from protocols.imap.wire.commands.setquota import SetQuota
from protocols.imap.wire.commands.sort import Sort
from protocols.imap.wire.commands.starttls import StartTls
from protocols.imap.wire.commands.status import Status
from protocols.imap.wire.commands.store import Store
from protocols.imap.wire.commands.subscribe import Subscribe
from protocols.imap.wire.commands.thread import Thread
from protocols.imap.wire.commands.uidbatches import UidBatches
from protocols.imap.wire.commands.unauthenticate import Unauthenticate
from protocols.imap.wire.commands.unselect import Unselect
from protocols.imap.wire.commands.unsubscribe import Unsubscribe
from protocols.imap.wire.commands.xlist import Xlist
from protocols.runtime.session import Reply

# The session and the command; each handler names its own command's class.
Handler = Callable[[Any, Any], Answer | Reply]

_ANY: dict[type[Command], Handler] = {
    Capability: capability.handle,
    Noop: noop.handle,
    Logout: logout.handle,
    Id: id.handle,
    Language: language.handle,
}
_BEFORE_LOGIN: dict[type[Command], Handler] = {
    StartTls: starttls.handle,
    Authenticate: authenticate.handle,
    Login: login.handle,
}
_AFTER_LOGIN: dict[type[Command], Handler] = {
    Append: append.handle,
    Compress: compress.handle,
    Create: create.handle,
    Delete: delete.handle,
    DeleteAcl: deleteacl.handle,
    GetAcl: getacl.handle,
    ListRights: listrights.handle,
    MyRights: myrights.handle,
    SetAcl: setacl.handle,
    Enable: enable.handle,
    Esearch: esearch.handle,
    Examine: examine.handle,
    GetAnnotation: getannotation.handle,
    GetMetadata: getmetadata.handle,
    GetQuota: getquota.handle,
    GetQuotaRoot: getquotaroot.handle,
    Idle: idle.handle,
    List: list.handle,
    Lsub: lsub.handle,
    Namespace: namespace.handle,
    Notify: notify.handle,
    Rename: rename.handle,
    Select: select.handle,
    SetAnnotation: setannotation.handle,
    SetMetadata: setmetadata.handle,
    SetQuota: setquota.handle,
    Status: status.handle,
    Subscribe: subscribe.handle,
    Unauthenticate: unauthenticate.handle,
    Unsubscribe: unsubscribe.handle,
    Xlist: xlist.handle,
}
_SELECTED: dict[type[Command], Handler] = {
    CancelUpdate: cancelupdate.handle,
    Check: check.handle,
    Close: close.handle,
    Copy: copy.handle,
    Expunge: expunge.handle,
    Fetch: fetch.handle,
    Move: move.handle,
    Replace: replace.handle,
    Search: search.handle,
    Sort: sort.handle,
    Store: store.handle,
    Thread: thread.handle,
    UidBatches: uidbatches.handle,
    Unselect: unselect.handle,
}
HANDLERS: dict[State, dict[type[Command], Handler]] = {
    State.NOT_AUTHENTICATED: _ANY | _BEFORE_LOGIN,
    State.AUTHENTICATED: _ANY | _AFTER_LOGIN,
    State.SELECTED: _ANY | _AFTER_LOGIN | _SELECTED,
}
# These neither wait nor touch the database: they need no thread. What is not listed does.
INLINE: frozenset[tuple[State, type[Command]]] = frozenset(
    (state, command)
    for state, commands in {
        State.NOT_AUTHENTICATED: (Noop, Logout, Id, StartTls, Language),
        State.AUTHENTICATED: (Capability, Noop, Logout, Id, Enable, Namespace, Compress, Language),
        State.SELECTED: (Logout,),
    }.items()
    for command in commands
)
