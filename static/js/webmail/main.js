// What the pages of the webmail do beyond links and forms.
import "webmail/compose";
import "webmail/events";
import "webmail/frames";
import "webmail/keys";
import "webmail/list";
import "webmail/pick";
import "webmail/reader";
import "webmail/swaps";
