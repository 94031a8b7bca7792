"""Entities: mentions of organisations, people, places, nationalities, weapons, vehicles, money and dates, learned.

from ascertain.read.entities import find_entities, shipped_model
find_entities("ISIL fighters fired on a hospital in Mosul.", shipped_model())
"""

from ascertain.read.entities.entity import TYPES, Annotated, Entity, Mention
from ascertain.read.entities.finding import find_entities
from ascertain.read.entities.model import Model
from ascertain.read.entities.model_file import load_model, save_model, shipped_model
from ascertain.read.entities.re3d import read_annotated
from ascertain.read.entities.training import train_entities

__all__ = [
    "TYPES",
    "Annotated",
    "Entity",
    "Mention",
    "Model",
    "find_entities",
    "load_model",
    "read_annotated",
    "save_model",
    "shipped_model",
    "train_entities",
]
