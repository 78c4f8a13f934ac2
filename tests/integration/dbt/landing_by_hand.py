"""A landing zone filled by hand: the tables that ingestion writes, without its machinery."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import psycopg2.extensions

ERP_COLUMNS: dict[str, str] = {
    "zones": "zone_id bigint, nom_zone text, latitude_centre numeric, longitude_centre "
    "numeric, rayon_km numeric, superficie_km2 numeric, technicien_id bigint",
    "techniciens": "technicien_id bigint, nom text, prenom text, email text, telephone text, "
    "date_embauche date, date_sortie date, zone_principale_id bigint, "
    "domicile_latitude numeric, domicile_longitude numeric, taux_horaire_eur "
    "numeric, heures_jour numeric",
    "competences": "competence_id bigint, libelle text",
    "technicien_competences": "technicien_competence_id bigint, technicien_id bigint, competence_id "
    "bigint, niveau bigint, obtenue_le date",
    "absences": "absence_id bigint, technicien_id bigint, date_debut date, date_fin date, motif text",
    "types_intervention": "type_intervention_id bigint, libelle text, categorie text, competence_id "
    "bigint, duree_standard_min bigint",
    "articles": "article_id bigint, reference text, libelle text, prix_unitaire_eur "
    "numeric, competence_id bigint",
    "clients": "client_id bigint, nom text, prenom text, type_client text, segment text, "
    "email text, telephone text, adresse text, code_postal text, ville text, "
    "latitude numeric, longitude numeric, zone_id bigint, ouverture time, "
    "fermeture time, accepte_contact boolean, date_creation date",
    "contrats": "contrat_id bigint, client_id bigint, reference text, date_debut date, "
    "date_fin date, montant_annuel_eur numeric, nb_visites_an bigint, statut "
    "text, date_resiliation date, motif_resiliation text, contrat_precedent_id "
    "bigint",
    "installations": "installation_id bigint, client_id bigint, competence_id bigint, date_pose "
    "date, puissance_kva numeric",
    "interventions": "intervention_id bigint, client_id bigint, contrat_id bigint, "
    "installation_id bigint, type_intervention_id bigint, technicien_id bigint, "
    "demande_at timestamptz, date_due date, date_planifiee date, heure_prevue "
    "time, duree_prevue_min bigint, urgence text, statut text, rdv_debut "
    "timestamptz, rdv_fin timestamptz, taux_horaire_eur numeric, "
    "intervention_origine_id bigint",
    "intervention_pieces": "intervention_piece_id bigint, intervention_id bigint, article_id bigint, "
    "quantite bigint, prix_unitaire_eur numeric",
    "devis": "devis_id bigint, client_id bigint, intervention_id bigint, technicien_id "
    "bigint, date_emission date, montant_eur numeric, statut text, "
    "date_decision date",
    "factures": "facture_id bigint, client_id bigint, intervention_id bigint, contrat_id "
    "bigint, devis_id bigint, date_facture date, nature text, "
    "montant_pieces_eur numeric, montant_mo_eur numeric, montant_heures_sup_eur "
    "numeric, montant_total_eur numeric, statut text",
    "reclamations": "reclamation_id bigint, client_id bigint, intervention_id bigint, "
    "date_ouverture date, motif text, statut text, date_resolution date",
}
_TECHNICAL = "_source text not null, _lot text not null, _charge_at timestamptz not null"
_LINES = f"fichier text, ligne int, payload text, encodage text, {_TECHNICAL}"
FEEDS = {"app_evenements": "app_mobile", "portail_demandes": "portail", "enquete_reponses": "enquete"}
_FIRST_LOAD = datetime(2025, 11, 14, 18, 0, tzinfo=UTC)
_ML_AND_PLANNING = """
create table ml.scores_churn (client_id int, as_of date, score double precision, risque_churn text,
    cause_1 text, cause_2 text, cause_3 text, action_suggeree text, modele_version text, run_id text,
    scored_at timestamptz, primary key (client_id, as_of));
create table planning.plans (plan_id uuid primary key, semaine_debut date, nature text, statut text,
    objectif double precision, borne_inf double precision, ecart_pct double precision,
    km_total double precision, cree_at timestamptz, graine int, empreinte_entrees text);
create table planning.visites (plan_id uuid, intervention_id int, technicien_id int, jour date, ordre int,
    arrivee_at timestamptz, debut_at timestamptz, fin_at timestamptz, trajet_km double precision,
    trajet_min double precision);
create table planning.journees (plan_id uuid, technicien_id int, jour date, nb_visites int,
    km double precision, travail_min double precision, depart_at timestamptz, retour_at timestamptz,
    pause_debut_at timestamptz);
create table planning.non_planifiees (plan_id uuid, intervention_id int, raison text, remede text);
create table planning.comparaison_tournees (technicien_id int, jour date, nb_visites int,
    km_reel double precision, km_reel_modele double precision, km_optimise double precision,
    reduction_pct double precision);
"""


def key_of(table: str) -> str:
    """Primary key of an ERP table: its first column."""
    return ERP_COLUMNS[table].split()[0]


class Landing:
    """Appends to ``landing.*`` as ingestion does; each load is an hour later than the one before."""

    def __init__(self, connection: psycopg2.extensions.connection) -> None:
        self.connection = connection
        self.load = 0

    def create(self) -> None:
        """Create every schema, the landing tables and the tables Python owns, dropping what was there."""
        schemas = ("landing", "staging", "quarantine", "intermediate", "marts", "ml", "planning")
        statements = [f"drop schema if exists {s} cascade; create schema {s};" for s in schemas]
        statements += [
            f"create table landing.erp_{table} ({columns}, updated_at timestamptz, {_TECHNICAL}, "
            "_supprime boolean);"
            for table, columns in ERP_COLUMNS.items()
        ]
        statements += [f"create table landing.{feed} ({_LINES});" for feed in FEEDS]
        self._execute("\n".join([*statements, _ML_AND_PLANNING]))

    def begin_load(self) -> None:
        """Rows landed from now on belong to a new batch, an hour later."""
        self.load += 1

    def erp(self, table: str, rows: list[dict]) -> None:
        """Append versions of ERP rows: source columns and ``updated_at``."""
        self._insert(f"erp_{table}", [{**row, "_supprime": False} for row in rows], "erp_terrain")

    def tombstones(self, table: str, keys: list[int], seen_at: datetime) -> None:
        """Append tombstones: the keys left the source."""
        rows = [{key_of(table): key, "updated_at": seen_at, "_supprime": True} for key in keys]
        self._insert(f"erp_{table}", rows, "erp_terrain")

    def lines(self, feed: str, file: str, payloads: list[str], encoding: str = "utf-8") -> None:
        """Append the lines of one file."""
        rows = [
            {"fichier": file, "ligne": number, "payload": payload, "encodage": encoding}
            for number, payload in enumerate(payloads, 1)
        ]
        self._insert(feed, rows, FEEDS[feed])

    def _insert(self, table: str, rows: list[dict], source: str) -> None:
        """COPY rows with their technical columns."""
        if not rows:
            return
        technical = {
            "_source": source,
            "_lot": f"lot-{self.load:03d}",
            "_charge_at": _FIRST_LOAD + timedelta(hours=self.load),
        }
        columns = [*rows[0], *technical]
        buffer = io.StringIO()
        writer = csv.writer(buffer)
        for row in rows:
            values = {**row, **technical}
            writer.writerow(["\\N" if values[c] is None else values[c] for c in columns])
        buffer.seek(0)
        with self.connection.cursor() as cursor:
            statement = (
                f"copy landing.{table} ({', '.join(columns)}) from stdin with (format csv, null '\\N')"
            )
            cursor.copy_expert(statement, buffer)
        self.connection.commit()

    def _execute(self, sql: str) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
        self.connection.commit()


def event(
    kind: str, intervention_id: int | None, technicien_id: int, at: datetime, number: int, **data
) -> dict:
    """One app event, sent two minutes after it happened."""
    return {
        "evenement_id": f"00000000-0000-4000-8000-{number:012d}",
        "type": kind,
        "intervention_id": intervention_id,
        "technicien_id": technicien_id,
        "survenu_at": at.isoformat(),
        "envoye_at": (at + timedelta(minutes=2)).isoformat(),
        "donnees": data,
    }


def as_line(payload: dict) -> str:
    """A JSON line."""
    return json.dumps(payload, ensure_ascii=False)
