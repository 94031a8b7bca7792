"""Who says that somebody did it, and how surely."""

from ascertain.read.surety.attribution import Attribution, Named, Source, SourceKind, Surety
from ascertain.read.surety.claims import attribution_claims
from ascertain.read.surety.features import by_rules, features
from ascertain.read.surety.lexicon import LANGUAGES, SuretyWords, surety_words
from ascertain.read.surety.model import SuretyModel
from ascertain.read.surety.reading import attributions

__all__ = [
    "LANGUAGES", "Attribution", "Named", "Source", "SourceKind", "Surety", "SuretyModel", "SuretyWords",
    "attribution_claims", "attributions", "by_rules", "features", "surety_words",
]  # fmt: skip
