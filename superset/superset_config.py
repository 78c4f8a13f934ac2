"""Superset's configuration. Everything that changes between installations comes from the environment.

The variables are listed at the top of ``bootstrap.py``. Nothing here is secret.
"""

import os

from sqlalchemy.engine import make_url

SECRET_KEY = os.environ["SUPERSET_SECRET_KEY"]
SQLALCHEMY_DATABASE_URI = os.environ["FIELDHOUSE_SUPERSET_METADATA_URL"]
_READER = make_url(os.environ["FIELDHOUSE_WAREHOUSE_READER_URL"])
_CACHE_DIR = os.environ["FIELDHOUSE_SUPERSET_CACHE_DIR"]

# --- the warehouse's address and password never enter git nor the metadata database --------------
WAREHOUSE_PLACEHOLDER_HOST = "entrepot.invalid"


def _warehouse_password(url):
    """Password of a database connection: the reader's for the warehouse, else the stored one."""
    return _READER.password if url.host == WAREHOUSE_PLACEHOLDER_HOST else url.password


def _warehouse_address(uri, params, username, security_manager, source):
    """Replace the placeholder address of the assets by the installation's own."""
    return (_READER if uri.host == WAREHOUSE_PLACEHOLDER_HOST else uri), params


SQLALCHEMY_CUSTOM_PASSWORD_STORE = _warehouse_password
DB_CONNECTION_MUTATOR = _warehouse_address

# --- French --------------------------------------------------------------------------------------
APP_NAME = "Fieldhouse"
BABEL_DEFAULT_LOCALE = "fr"
LANGUAGES = {"fr": {"flag": "fr", "name": "Français"}}
_NARROW_NO_BREAK_SPACE = "\u202f"
D3_FORMAT = {
    "decimal": ",",
    "thousands": _NARROW_NO_BREAK_SPACE,
    "grouping": [3],
    "currency": ["", f"{_NARROW_NO_BREAK_SPACE}€"],
    "percent": f"{_NARROW_NO_BREAK_SPACE}%",
}
D3_TIME_FORMAT = {
    "dateTime": "%A %e %B %Y à %X",
    "date": "%d/%m/%Y",
    "time": "%H:%M:%S",
    "periods": ["", ""],
    "days": ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"],
    "shortDays": ["dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."],
    "months": ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
               "octobre", "novembre", "décembre"],
    "shortMonths": ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.",
                    "nov.", "déc."],
}  # fmt: skip
CURRENCIES = ["EUR"]
EXTRA_CATEGORICAL_COLOR_SCHEMES = [
    {
        "id": "fieldhouse",
        "label": "Fieldhouse",
        "description": "Couleurs assez claires pour porter un texte noir",
        "colors": ["#4c8fd6", "#f2a541", "#62b58f", "#a08bd4", "#e2777a", "#6cc0d6", "#c2ab4f", "#94a0b2"],
    },
    {
        "id": "fieldhouse_clair",
        "label": "Fieldhouse, clair",
        "description": "Entonnoirs : le texte est écrit dans la forme",
        "colors": ["#a9c9ea", "#c5dbf1", "#f7d9a8", "#b5dec8"],
    },
    {
        "id": "feu_tricolore",
        "label": "Rouge, orange, vert",
        "description": "Jauges avec objectif",
        "colors": ["#d64550", "#f0a202", "#3a9d5d"],
    },
]

# --- what is switched on -------------------------------------------------------------------------
FEATURE_FLAGS = {
    "DASHBOARD_RBAC": True,
    "ENABLE_TEMPLATE_PROCESSING": True,
    "DASHBOARD_VIRTUALIZATION": False,  # every chart loads, so that a page can be printed whole
    "DRILL_BY": False,
    "DRILL_TO_DETAIL": False,
    "ALERT_REPORTS": False,
}
ROW_LIMIT = 10_000
SQL_MAX_ROW = 50_000
SUPERSET_WEBSERVER_TIMEOUT = 60
WTF_CSRF_TIME_LIMIT = 8 * 3600

# --- caches: on disk. The metastore cache answers 500 under concurrent loads ----------------------


def _disk_cache(name, seconds, entries=2_000):
    return {
        "CACHE_TYPE": "FileSystemCache",
        "CACHE_DIR": os.path.join(_CACHE_DIR, name),
        "CACHE_DEFAULT_TIMEOUT": seconds,
        "CACHE_THRESHOLD": entries,
    }


CACHE_CONFIG = _disk_cache("meta", 300)
# Short: a load of the warehouse every 5 minutes must be seen.
DATA_CACHE_CONFIG = _disk_cache("donnees", 60)
FILTER_STATE_CACHE_CONFIG = _disk_cache("filtres", 90 * 86_400)
EXPLORE_FORM_DATA_CACHE_CONFIG = _disk_cache("exploration", 7 * 86_400)

# --- security: no public role, no remote content, no telemetry ------------------------------------
AUTH_ROLE_PUBLIC = "Public"
PUBLIC_ROLE_LIKE = None
AUTH_USER_REGISTRATION = False
ENABLE_CORS = False
RATELIMIT_ENABLED = True
# A dashboard is a hundred requests at once; only logging in needs a real limit.
RATELIMIT_APPLICATION = "1000 per second"
AUTH_RATE_LIMITED = True
AUTH_RATE_LIMIT = "30 per 1 minute"
RATELIMIT_STORAGE_URI = "memory://"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = os.environ.get("FIELDHOUSE_SUPERSET_HTTPS", "0") == "1"
HTML_SANITIZATION = True
CONTENT_SECURITY_POLICY_WARNING = False
TALISMAN_ENABLED = True
TALISMAN_CONFIG = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'", "data:"],
        "object-src": "'none'",
        "frame-ancestors": ["'self'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "font-src": ["'self'", "data:"],
        "script-src": ["'self'", "'strict-dynamic'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,
    "session_cookie_secure": SESSION_COOKIE_SECURE,
}
