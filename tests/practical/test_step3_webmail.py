"""Step 3: alice and bob in two browsers at http://mailhost.mondomaine.fr; a capture shows everything."""

from pathlib import Path

from playwright.sync_api import expect

from tests.practical.browser import Seats, row, send, write
from tests.practical.capture import capture

# Neither text nor a size of whole base64 lines: a byte that is changed on the way is seen.
ATTACHMENT = bytes(range(256)) * 40 + b"\r\n.\r\nfin\n"


def test_alice_writes_and_bob_answers_with_an_attachment(seats: Seats, tmp_path: Path) -> None:
    file = tmp_path / "café réunion.bin"
    file.write_bytes(ATTACHMENT)
    with capture(tmp_path / "web.pcap", seats.server.port("http")) as wire:
        alice, bob = seats.webmail("alice"), seats.webmail("bob")
        assert alice.url.startswith(seats.url("/webmail/"))

        write(alice, "bob@mondomaine.fr", "Salut !", "Salut Bob !")
        expect(row(bob, "Salut !")).to_be_visible()  # by itself: bob does not reload
        row(bob, "Salut !").locator("a.row-main").click()
        expect(bob.locator("#reader")).to_contain_text("Salut Bob !")
        expect(row(bob, "Salut !").filter(has=bob.locator(".dot"))).to_have_count(0)

        bob.locator("#reader .answer-box").click()
        expect(bob.get_by_label("Subject", exact=True)).to_have_value("Re: Salut !")
        bob.get_by_label("Text of the message").fill("Bonjour Alice, voici le fichier.")
        bob.locator("input[name=uploads]").set_input_files(file)
        expect(bob.locator("[data-files]")).to_contain_text(file.name)
        send(bob)

        expect(row(alice, "Re: Salut !")).to_be_visible()
        row(alice, "Re: Salut !").locator("a.row-main").click()
        expect(alice.locator("#reader")).to_contain_text("voici le fichier")
        with alice.expect_download() as started:
            alice.locator("#reader a.file").click()
        assert started.value.suggested_filename == file.name
        assert Path(started.value.path()).read_bytes() == ATTACHMENT
    shown = wire.payload()
    for text in (b"alice%40mondomaine.fr", b"password=user1", b"Salut+Bob", b"password=user2"):
        assert text in shown or text.replace(b"+", b" ") in shown, text


def test_what_was_answered_is_marked_and_what_was_sent_is_kept(seats: Seats) -> None:
    alice = seats.webmail("alice")
    write(alice, "bob@mondomaine.fr", "Une question", "Es-tu là ?")
    bob = seats.webmail("bob")
    row(bob, "Une question").locator("a.row-main").click()
    bob.locator("#reader .answer-box").click()
    bob.get_by_label("Text of the message").fill("Oui.")
    send(bob)
    expect(row(bob, "Une question")).to_contain_text("answered")
    bob.locator("nav.folders").get_by_role("link", name="Sent").click()
    expect(row(bob, "Re: Une question")).to_be_visible()


def test_an_unknown_recipient_is_told_before_anything_is_sent(seats: Seats) -> None:
    alice = seats.webmail("alice")
    alice.get_by_role("link", name="Write").first.click()
    expect(alice.locator("[data-typed]").first).to_be_visible()
    alice.get_by_label("To", exact=True).fill("personne@mondomaine.fr")
    alice.get_by_label("Subject", exact=True).fill("Perdu")
    alice.get_by_label("Text of the message").fill("Rien de perdu")
    alice.locator("[data-send]").click()
    expect(alice.get_by_role("alert")).to_contain_text("not sent")
    expect(alice.get_by_label("Text of the message")).to_have_value("Rien de perdu")
