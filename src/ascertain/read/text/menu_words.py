"""Lines that belong to a page's furniture and not to what it says."""

from __future__ import annotations

import re

_EDGES = re.compile(r"^[^\w.!?]+|[^\w.!?]+$|^_+|_+$")  # a full stop stays: "home." may end a sentence
_MENU_WORDS = frozenset(
    {
        # English
        *("skip to main content", "skip to content", "skip to navigation", "skip navigation", "jump to content"),
        *("top of the page", "top of page", "back to top", "back to the top", "return to top", "go to top"),
        *("menu", "main menu", "search", "home", "share", "share this page", "share this", "print", "print this page"),
        *("send by e-mail", "send by email", "email this page", "share on facebook", "share on twitter", "share on x"),
        *("facebook", "twitter", "linkedin", "whatsapp", "tweet", "log in", "sign in", "subscribe", "accept cookies"),
        *("close", "read more", "download pdf", "listen", "toggle navigation", "previous", "next"),
        # French
        *("aller au contenu", "aller au contenu principal", "aller à la navigation", "accéder au contenu"),
        *("haut de page", "retour en haut", "retour en haut de page", "haut de la page", "accueil", "rechercher"),
        *("partager", "partager cette page", "imprimer", "envoyer par courriel", "menu principal", "se connecter"),
        *("partager sur facebook", "partager sur twitter", "lire la suite", "fermer", "s'abonner"),
        # Arabic
        *(
            "تخطي إلى المحتوى الرئيسي",
            "انتقل إلى المحتوى",
            "تجاوز إلى المحتوى الرئيسي",
            "أعلى الصفحة",
            "العودة إلى الأعلى",
        ),
        *("القائمة", "القائمة الرئيسية", "بحث", "مشاركة", "طباعة", "الرئيسية"),
    }
)
_LONGEST = max(map(len, _MENU_WORDS))


def is_menu_line(line: str) -> bool:
    """Whether the whole of `line` is a menu's words, such as `Skip to main content` or `↑ top of the page`."""
    words = " ".join(line.split()) if len(line) <= 2 * _LONGEST else ""
    return _EDGES.sub("", words).casefold() in _MENU_WORDS
