"""French working time as data: dated packs of limits, public holidays, the articles they come from."""

from optimisers.law.articles import Article, article_of
from optimisers.law.limits import limit_for, rest_between, week_limit_for
from optimisers.law.versions import PACKS, pack_on, public_holidays

__all__ = [
    "PACKS",
    "Article",
    "article_of",
    "limit_for",
    "pack_on",
    "public_holidays",
    "rest_between",
    "week_limit_for",
]
