"""How many weeks the property tests try: a hundred at most as they are, thousands with

`pytest tests/properties tests/unit/optimisers --hypothesis-profile=thorough`.
"""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("thorough", settings.get_profile("default"), max_examples=4000)
