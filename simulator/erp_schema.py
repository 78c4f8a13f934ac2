"""Tables of the source system `erp_terrain`, in third normal form, as SQLAlchemy metadata.

Every table has `updated_at`, written at each change and indexed: it is the cursor of incremental extraction.
`devis.client_id` and `reclamations.client_id` carry no foreign key, as in many real ERPs: an unknown customer
can be typed there.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    Time,
    create_engine,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP

METADATA = MetaData()
INSTANT = TIMESTAMP(timezone=True, precision=6)
EUR = Numeric(10, 2)
DEGREES = Numeric(9, 6)


def _key(name: str) -> Column:
    return Column(name, Integer, primary_key=True, autoincrement=False)


def _ref(name: str, target: str, *, required: bool = True) -> Column:
    return Column(name, Integer, ForeignKey(target), nullable=not required, index=True)


def _table(name: str, *columns: Column, comment: str) -> Table:
    return Table(
        name, METADATA, *columns, Column("updated_at", INSTANT, nullable=False, index=True), comment=comment
    )


_table(
    "zones",
    _key("zone_id"),
    Column("nom_zone", String(50), nullable=False),
    Column("latitude_centre", DEGREES, nullable=False),
    Column("longitude_centre", DEGREES, nullable=False),
    Column("rayon_km", Numeric(6, 2), nullable=False),
    Column("superficie_km2", Numeric(8, 2), nullable=False),
    Column("technicien_id", Integer, comment="technicien principal de la zone"),
    comment="Zones commerciales",
)
_table(
    "techniciens",
    _key("technicien_id"),
    Column("nom", String(100), nullable=False),
    Column("prenom", String(100), nullable=False),
    Column("email", String(255)),
    Column("telephone", String(20)),
    Column("date_embauche", Date, nullable=False),
    Column("date_sortie", Date),
    _ref("zone_principale_id", "zones.zone_id"),
    Column("domicile_latitude", DEGREES, nullable=False),
    Column("domicile_longitude", DEGREES, nullable=False),
    Column("taux_horaire_eur", Numeric(8, 2), nullable=False),
    Column("heures_jour", Numeric(4, 2), nullable=False, server_default="8"),
    comment="Techniciens itinérants",
)
_table(
    "competences", _key("competence_id"), Column("libelle", String(50), nullable=False), comment="Compétences"
)
_table(
    "technicien_competences",
    _key("technicien_competence_id"),
    _ref("technicien_id", "techniciens.technicien_id"),
    _ref("competence_id", "competences.competence_id"),
    Column("niveau", Integer, nullable=False, comment="1 initié, 2 confirmé, 3 expert"),
    Column("obtenue_le", Date, nullable=False),
    comment="Qui sait faire quoi",
)
_table(
    "absences",
    _key("absence_id"),
    _ref("technicien_id", "techniciens.technicien_id"),
    Column("date_debut", Date, nullable=False),
    Column("date_fin", Date, nullable=False, comment="dernier jour d'absence"),
    Column("motif", String(50), nullable=False),
    comment="Congés, formations, maladies",
)
_table(
    "types_intervention",
    _key("type_intervention_id"),
    Column("libelle", String(100), nullable=False),
    Column("categorie", String(20), nullable=False),
    _ref("competence_id", "competences.competence_id"),
    Column("duree_standard_min", Integer, nullable=False),
    comment="Types de visite",
)
_table(
    "articles",
    _key("article_id"),
    Column("reference", String(30), nullable=False),
    Column("libelle", String(100), nullable=False),
    Column("prix_unitaire_eur", EUR, nullable=False),
    _ref("competence_id", "competences.competence_id"),
    comment="Pièces détachées",
)
_table(
    "clients",
    _key("client_id"),
    Column("nom", String(100), nullable=False),
    Column("prenom", String(100), comment="vide pour une entreprise"),
    Column("type_client", String(20), nullable=False),
    Column("segment", String(10), nullable=False),
    Column("email", String(255)),
    Column("telephone", String(20)),
    Column("adresse", String(255), nullable=False),
    Column("code_postal", String(5), nullable=False),
    Column("ville", String(100), nullable=False),
    Column("latitude", DEGREES),
    Column("longitude", DEGREES),
    _ref("zone_id", "zones.zone_id"),
    Column("ouverture", Time, nullable=False),
    Column("fermeture", Time, nullable=False),
    Column("accepte_contact", Boolean, nullable=False),
    Column("date_creation", Date, nullable=False),
    comment="Clients",
)
_table(
    "contrats",
    _key("contrat_id"),
    _ref("client_id", "clients.client_id"),
    Column("reference", String(30), nullable=False),
    Column("date_debut", Date, nullable=False),
    Column("date_fin", Date, nullable=False),
    Column("montant_annuel_eur", EUR, nullable=False),
    Column("nb_visites_an", Integer, nullable=False),
    Column("statut", String(10), nullable=False, comment="Actif, Renouvele, Resilie ou Expire"),
    Column("date_resiliation", Date),
    Column("motif_resiliation", String(100)),
    Column("contrat_precedent_id", Integer, ForeignKey("contrats.contrat_id")),
    comment="Contrats annuels d'entretien",
)
_table(
    "installations",
    _key("installation_id"),
    _ref("client_id", "clients.client_id"),
    _ref("competence_id", "competences.competence_id"),
    Column("date_pose", Date, nullable=False),
    Column("puissance_kva", Numeric(6, 1)),
    comment="Équipements entretenus",
)
_table(
    "interventions",
    _key("intervention_id"),
    _ref("client_id", "clients.client_id"),
    _ref("contrat_id", "contrats.contrat_id", required=False),
    _ref("installation_id", "installations.installation_id", required=False),
    _ref("type_intervention_id", "types_intervention.type_intervention_id"),
    _ref("technicien_id", "techniciens.technicien_id", required=False),
    Column("demande_at", INSTANT, nullable=False),
    Column("date_due", Date, nullable=False),
    Column("date_planifiee", Date),
    Column("heure_prevue", Time),
    Column("duree_prevue_min", Integer, nullable=False),
    Column("urgence", String(10), nullable=False),
    Column("statut", String(12), nullable=False, comment="A planifier, Planifiee, Terminee ou Annulee"),
    Column("rdv_debut", INSTANT, comment="rendez-vous promis au client"),
    Column("rdv_fin", INSTANT),
    Column("taux_horaire_eur", Numeric(8, 2), nullable=False),
    Column("intervention_origine_id", Integer, ForeignKey("interventions.intervention_id")),
    comment="Visites demandées, prévues et faites",
)
_table(
    "intervention_pieces",
    _key("intervention_piece_id"),
    _ref("intervention_id", "interventions.intervention_id"),
    _ref("article_id", "articles.article_id"),
    Column("quantite", Integer, nullable=False),
    Column("prix_unitaire_eur", EUR, nullable=False),
    comment="Pièces facturables posées pendant une visite",
)
_table(
    "devis",
    _key("devis_id"),
    Column("client_id", Integer, nullable=False, index=True),
    _ref("intervention_id", "interventions.intervention_id", required=False),
    _ref("technicien_id", "techniciens.technicien_id"),
    Column("date_emission", Date, nullable=False),
    Column("montant_eur", EUR, nullable=False),
    Column("statut", String(10), nullable=False, comment="Envoye, Signe ou Refuse"),
    Column("date_decision", Date),
    comment="Devis faits sur le terrain",
)
_table(
    "factures",
    _key("facture_id"),
    _ref("client_id", "clients.client_id"),
    _ref("intervention_id", "interventions.intervention_id", required=False),
    _ref("contrat_id", "contrats.contrat_id", required=False),
    _ref("devis_id", "devis.devis_id", required=False),
    Column("date_facture", Date, nullable=False),
    Column("nature", String(15), nullable=False, comment="Contrat, Intervention ou Devis"),
    Column("montant_pieces_eur", EUR, nullable=False),
    Column("montant_mo_eur", EUR, nullable=False),
    Column("montant_heures_sup_eur", EUR, nullable=False),
    Column("montant_total_eur", EUR, nullable=False),
    Column("statut", String(10), nullable=False, comment="Emise, Payee ou Annulee"),
    comment="Factures hors taxes",
)
_table(
    "reclamations",
    _key("reclamation_id"),
    Column("client_id", Integer, nullable=False, index=True),
    _ref("intervention_id", "interventions.intervention_id", required=False),
    Column("date_ouverture", Date, nullable=False),
    Column("motif", String(100), nullable=False),
    Column("statut", String(10), nullable=False, comment="Ouvert ou Resolu"),
    Column("date_resolution", Date),
    comment="Réclamations des clients",
)

# The simulator's own bookmark: the last day that the company has wholly lived. Not business data.
DAYS_LIVED = Table(
    "jours_vecus",
    METADATA,
    Column("jour", Date, primary_key=True),
    Column("empreinte_etat", String(64), nullable=False),
    comment="Repère du simulateur : jours entièrement vécus",
)

BUSINESS_TABLES: tuple[str, ...] = tuple(t.name for t in METADATA.sorted_tables if t.name != DAYS_LIVED.name)
COLUMNS: dict[str, tuple[str, ...]] = {
    name: tuple(c.name for c in METADATA.tables[name].columns if c.name != "updated_at")
    for name in BUSINESS_TABLES
}


def create_schema(erp_url: str) -> None:
    """Create every table of the ERP in an empty database; tables that already exist are left as they are."""
    engine = create_engine(erp_url)
    try:
        METADATA.create_all(engine)
    finally:
        engine.dispose()
