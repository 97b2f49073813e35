"""The mail that the screenshots show: a small laboratory's week, in French and English."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

SIGNATURE = "\n\n-- \nBob Durand\nLaboratoire réseaux, bâtiment B, bureau 204"
REPORT_HTML = """<html><body style="font-family:Georgia,serif;color:#1d2733">
<h2 style="margin:0 0 6px">Semaine 47 at a glance</h2>
<p>Bonjour Alice,<br>here is what happened on the campus network this week. The switch of building B is now the
only one left on the old firmware; Marie takes care of it on Thursday.</p>
<table cellpadding="8" style="border-collapse:collapse;width:100%;max-width:560px">
<tr style="background:#e8eef4"><th align="left">Building</th><th align="right">Hosts</th><th align="right">Uptime</th>
<th align="right">Traffic</th></tr>
<tr><td>A, amphithéâtres</td><td align="right">312</td><td align="right">99.98 %</td><td align="right">1.4 TB</td></tr>
<tr style="background:#f6f8fa"><td>B, laboratoires</td><td align="right">188</td><td align="right">99.61 %</td>
<td align="right">3.2 TB</td></tr>
<tr><td>C, bibliothèque</td><td align="right">97</td><td align="right">100 %</td><td align="right">0.6 TB</td></tr>
</table>
<p>The full figures are attached. Questions before Friday, please: I am away next week.</p>
<p>Bien à toi,<br>Bob</p></body></html>"""


@dataclass(frozen=True)
class Letter:
    """One sample message; `hours` ago it came in."""

    hours: float
    sender: str
    subject: str
    text: str
    flags: str = r"\Seen"
    html: str = ""
    files: tuple[tuple[str, str, int], ...] = field(default=())  # name, type, octets
    folder: str = "INBOX"
    to: str = "Alice Martin <alice@mondomaine.fr>"

    @property
    def is_sent_now(self) -> bool:
        """Sent by its author's account, as the server then sees it travel."""
        return self.hours == 0


LETTERS = (
    Letter(0.4, "Marie Castel <marie@mondomaine.fr>", "Salle B204 jeudi ?",
           "Bonjour Alice,\n\nEst-ce que la salle B204 est libre jeudi de 14 h à 17 h ? Il me faut trois prises "
           "réseau et le vidéoprojecteur.\n\nMerci !\nMarie", ""),
    Letter(0, "Bob Durand <bob@mondomaine.fr>", "Weekly network report, semaine 47",
           "Semaine 47 at a glance: building B is the last one on the old firmware, Marie takes care of it.",
           r"\Flagged", REPORT_HTML, (("rapport-semaine-47.pdf", "application/pdf", 184_320),
                         ("trafic.csv", "text/csv", 12_600))),
    Letter(1.2, "Inès Moreau <ines.moreau@univ-exemple.fr>", "Re: Convention de stage signée",
           "Bonjour,\n\nLa convention est signée, vous la recevez par courrier cette semaine. Le stage commence donc "
           "bien le 1er février.\n\nBien cordialement,\nInès Moreau", r"\Seen \Answered"),
    Letter(2.5, "GitHouse <noreply@githouse.example>", "[topology] Pull request 42: Draw VLANs as lanes",
           "jules wants to merge 3 commits into main from vlan-lanes.\n\nThe map now draws each VLAN as a lane; "
           "crossings are counted and kept low.", ""),
    Letter(4, "Tom Whitfield <tom@northlink.example>", "Re: Fibre for building C: two dates to choose from",
           "Hi Alice,\n\nWe can send the crew on 3 or 10 December, both from 8 a.m. The splice takes half a day and "
           "nobody loses the connection meanwhile.\n\nWhich one suits you better?\n\nTom" ),
    Letter(20, "Bob Durand <bob@mondomaine.fr>", "Projet Réseaux : répartition du travail",
           "Salut Alice,\n\nJe prends l'adressage et le routage, tu gardes le DNS et la messagerie ? On se voit lundi "
           "à 10 h pour assembler." + SIGNATURE, r"\Seen \Flagged"),
    Letter(23, "Bibliothèque <pret@biblio-exemple.fr>", "Deux ouvrages à rendre avant samedi",
           "Chère lectrice, « TCP/IP, principes » et « Computer Networks, 5th edition » sont attendus avant samedi."),
    Letter(27, "Marie Castel <marie@mondomaine.fr>", "Photos de la baie de brassage",
           "Voilà les photos, avant et après. On voit enfin les étiquettes !", r"\Seen", "",
           (("baie-avant.jpg", "image/jpeg", 845_000), ("baie-apres.jpg", "image/jpeg", 902_000))),
    Letter(46, "Jules Petit <jules.petit@etu-exemple.fr>", "Question sur le TP de capture",
           "Bonjour Madame,\n\nDans la question 4, faut-il filtrer sur le port 143 ou sur l'adresse ? Les deux donnent "
           "le même résultat chez moi."),
    Letter(50, "Conference desk <desk@netdays.example>", "Your talk “Mail in clear, mail in TLS” is accepted",
           "Dear Alice,\n\nThe committee liked the live capture in particular. You have 25 minutes, on Tuesday after "
           "lunch.", r"\Seen \Flagged"),
    Letter(71, "Inès Moreau <ines.moreau@univ-exemple.fr>", "Calendrier des soutenances",
           "Bonjour à tous, le calendrier provisoire est joint. Merci de signaler les conflits avant mercredi.",
           r"\Seen", "", (("soutenances.ods", "application/vnd.oasis.opendocument.spreadsheet", 31_000),)),
    Letter(75, "Administrator <admin@mondomaine.fr>", "Welcome to Facteur",
           "Hello Alice,\n\nyour mailbox is ready. Any mail program can read it; the settings are on the help page."),
    Letter(30, "Bob Durand <bob@mondomaine.fr>", "projet : plan d'adressage v2", "Le plan corrigé est dans le dépôt.",
           "", folder='"Projet R&AOk-seaux"'),
    Letter(52, "Bob Durand <bob@mondomaine.fr>", "projets de l'an dernier", "Pour comparer.",
           folder='"Projet R&AOk-seaux"'),
    Letter(60, "Gagnez ! <promo@tirage.example>", "Vous avez été sélectionnée", "Cliquez vite.", "", folder="Junk"),
    Letter(3, "Alice Martin <alice@mondomaine.fr>", "Re: Convention de stage signée", "Merci, à bientôt !",
           folder="Sent", to="Inès Moreau <ines.moreau@univ-exemple.fr>"),
)  # fmt: skip


def octets(letter: Letter, came: datetime) -> bytes:
    """The message on the wire."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = letter.sender, letter.to, letter.subject
    mail["Date"], mail["Message-ID"] = format_datetime(came), make_msgid(domain="exemple.fr")
    mail.set_content(letter.text)
    if letter.html:
        mail.add_alternative(letter.html, subtype="html")
    for name, kind, size in letter.files:
        main, sub = kind.split("/")
        mail.add_attachment(b"0123456789abcdef" * (size // 16), maintype=main, subtype=sub, filename=name)
    return mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
