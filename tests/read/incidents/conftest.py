"""A made-up corpus: forty short reports, half of them of incidents; places, groups and people do not exist."""

from __future__ import annotations

import pytest

from ascertain.read.incidents import Example, Model, Template, train

_GROUPS = ("red valley front", "northern brigade", "river column")
_THINGS = ("power station", "town hall", "bridge", "bus depot")
_PEOPLE = ("ramiro quintes", "olga tarvane", "petro zilvan")


def _bombing(number: int) -> Example:
    group, thing = _GROUPS[number % 3], _THINGS[number % 4]
    text = (
        f"a bomb exploded at the {thing} in the town of queltes last night.  police said that the {group} "
        f"placed the bomb.  the {thing} was destroyed.  no one was hurt, the mayor told reporters."
    )
    return Example(f"b{number}", text, (Template("bombing", ((), ((group,),), ((thing,),), (), (("bomb",),))),))


def _attack(number: int) -> Example:
    group, person = _GROUPS[number % 3], _PEOPLE[number % 3]
    text = (
        f"gunmen of the {group} killed judge {person} in queltes yesterday.  {person} was shot with a rifle in "
        f"front of his home.  witnesses saw the gunmen flee on foot."
    )
    return Example(
        f"a{number}", text, (Template("attack", ((("gunmen",),), ((group,),), (), ((person,),), (("rifle",),))),)
    )


def _nothing(number: int) -> Example:
    person = _PEOPLE[number % 3]
    text = (
        f"the minister of trade met {person} in queltes on monday.  they talked about the harvest and the new "
        f"bridge.  an agreement on prices will be signed in spring, {person} said."
    )
    return Example(f"n{number}", text)


@pytest.fixture(scope="session")
def corpus() -> list[Example]:
    """Sixty examples, three kinds in turn."""
    return [kind(number) for number in range(20) for kind in (_bombing, _attack, _nothing)]


@pytest.fixture(scope="session")
def model(corpus: list[Example]) -> Model:
    return train(corpus)
