# A round by Mail::IMAPClient: list, make, append, fetch, flags, search, move, IDLE, delete. Says "done" at its end.
# Arguments: port, user, password, then "compress" or "plain".
use strict;
use warnings;
use Mail::IMAPClient;

my ($port, $user, $password, $layer) = @ARGV;
my $imap = Mail::IMAPClient->new(Server => "127.0.0.1", Port => $port, User => $user, Password => $password, Uid => 1,
    Timeout => 30) or die "login: $@";
sub must { my ($what, $got) = @_; defined $got && $got or die "$what: " . ($imap->LastError // "nothing"); return $got }

if ($layer eq "compress") {
    must("capability", $imap->has_capability("COMPRESS=DEFLATE"));
    must("compress", $imap->compress);
}
must("list", scalar grep { $_ eq "INBOX" } $imap->folders);
must("create", $imap->create("perl"));
must("create", $imap->create("perl moved"));
my $text = "From: bob\@mondomaine.fr\r\nSubject: par Perl\r\n\r\n" . ("Une ligne assez longue pour rire.\r\n" x 3000);
for my $number (1 .. 3) {
    must("append", $imap->append_string("perl", $text . $number . "\r\n"));
}
must("select", $imap->select("perl"));
my @all = must("search", scalar $imap->search("ALL")) && $imap->search("ALL");
@all == 3 or die "three, not " . @all;
my $whole = must("fetch", $imap->message_string($all[1]));
$whole eq $text . "2\r\n" or die "another message came back";
must("header", $imap->get_header($all[0], "Subject") eq "par Perl");
must("flag", $imap->set_flag("Flagged", $all[0]));
my @flagged = $imap->search("FLAGGED");
@flagged == 1 && $flagged[0] == $all[0] or die "FLAGGED: @flagged";
must("move", $imap->move("perl moved", $all[2]));
must("expunge", $imap->expunge);
must("count", $imap->message_count("perl moved") == 1);
must("count", $imap->message_count("perl") == 2);
my $idle = must("idle", $imap->idle);
must("done", $imap->done($idle));
for my $name ("perl", "perl moved") {
    must("delete", $imap->delete($name));
}
must("logout", $imap->logout);
print "done\n";
