"""Incidents of a text: type, perpetrators, targets, victims, weapons, read by a small model trained on examples.

`train` makes a model of examples, `dump` and `load` keep it, `read_incidents` reads. No model is shipped.
"""

from ascertain.read.incidents.examples import Example, Template, parse_examples
from ascertain.read.incidents.incident import ROLES, Filler, Incident
from ascertain.read.incidents.model import Model, read_incidents
from ascertain.read.incidents.storing import dump, load
from ascertain.read.incidents.training import train

__all__ = [
    "ROLES",
    "Example",
    "Filler",
    "Incident",
    "Model",
    "Template",
    "dump",
    "load",
    "parse_examples",
    "read_incidents",
    "train",
]
