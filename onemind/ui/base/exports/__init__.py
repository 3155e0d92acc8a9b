"""Charts and tables of a page as files: what it draws is collected, and offered at its foot."""

from onemind.ui.base.exports.foot import foot
from onemind.ui.base.exports.offers import (
    Offer,
    about,
    add,
    begin,
    collected,
    gathered,
    offer_chart,
    offer_map,
    offer_table,
    offered,
)
from onemind.ui.base.exports.pictures import mark
from onemind.ui.base.exports.saved import Saved

__all__ = [
    "Offer",
    "Saved",
    "about",
    "add",
    "begin",
    "collected",
    "foot",
    "gathered",
    "mark",
    "offer_chart",
    "offer_map",
    "offer_table",
    "offered",
]
